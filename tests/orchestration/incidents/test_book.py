"""The book: which incidents are open, which are over, and which an alert was sent about."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.incidents.book import FILE, Book, Entry, read_book, settle, write_book
from orchestration.incidents.incident import Incident, run_incident

AT = "2026-05-20T02:00:00+00:00"
HELD_BACK = Incident("document/011", "document", "Batch 011 is held back", "why", AT)
FAILED = run_incident("refresh", "the disk is full", AT)


def sent(*incidents: Incident) -> Book:
    return Book({item.key: Entry(item, is_sent=True) for item in incidents})


def test_new_incident_is_open_and_not_sent():
    book = settle(Book(), [HELD_BACK], {})
    assert book.open == book.unsent == [HELD_BACK]


def test_incident_found_again_is_not_sent_again_and_keeps_its_beginning():
    again = replace(HELD_BACK, text="another reason", since="2026-05-21T02:00:00+00:00")
    book = settle(sent(HELD_BACK), [again], {})
    assert book.unsent == [] and book.healed == ()
    assert book.open == [replace(again, since=AT)]


def test_incident_no_longer_found_is_healed():
    book = settle(sent(HELD_BACK), [], {})
    assert book.open == [] and book.healed == (HELD_BACK,)


def test_incident_that_was_not_sent_is_forgotten_when_it_heals():
    assert settle(settle(Book(), [HELD_BACK], {}), [], {}) == Book()


@pytest.mark.parametrize(
    ("good_runs", "heals"),
    [
        ({}, False),
        ({"refresh": "first"}, False),
        ({"refresh": "first", "check_stores": "second"}, False),
        ({"refresh": "second"}, True),
    ],
)
def test_failed_run_heals_with_the_next_good_run_of_its_job(good_runs, heals):
    book = settle(Book(), [FAILED], {"refresh": "first"}).with_sent()
    book = settle(book, [], good_runs)
    assert (book.open == []) is heals and (book.healed == (FAILED,)) is heals


def test_incident_that_returns_before_its_end_was_sent_has_never_ended():
    over = settle(sent(HELD_BACK), [], {})
    book = settle(over, [HELD_BACK], {})
    assert book.healed == () and book.unsent == []


@pytest.mark.parametrize("book", [Book(), sent(HELD_BACK, FAILED), Book(healed=(FAILED,))])
def test_book_that_was_written_is_read(book: Book, tmp_path: Path):
    book = replace(book, heartbeat_run="run", announced="release", failed_message="503")
    write_book(tmp_path, book)
    assert read_book(tmp_path) == book


DAMAGED = [
    *("", "{", "[]", "null", "7", "{}", '{"entries": 1}', '{"entries": [{}]}'),
    '{"entries": ["a"], "healed": []}',
]


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_book_counts_as_empty(content: str, tmp_path: Path):
    (tmp_path / FILE).write_text(content)
    assert read_book(tmp_path) == Book()


def test_book_of_a_folder_that_cannot_be_written_is_kept_elsewhere(tmp_path: Path, monkeypatch):
    spare = tmp_path / "tmp"
    spare.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spare))
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    root = tmp_path / "data"  # a file, so that nothing can be written below it
    root.write_text("")
    write_book(root, sent(FAILED))
    assert read_book(root) == sent(FAILED) and list(spare.iterdir())

    root.unlink()
    root.mkdir()
    write_book(root, Book())
    assert read_book(root) == Book() and not list(spare.iterdir())


def test_spare_book_of_another_user_is_ignored(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    root = tmp_path / "missing"
    write_book(root, sent(FAILED))
    monkeypatch.setattr("os.geteuid", lambda: 4_294_000)
    assert read_book(root) == Book()
