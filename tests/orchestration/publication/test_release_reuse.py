"""Marts that did not change since the latest release: their files are linked, not exported."""

import os
from pathlib import Path

import duckdb
import pytest

import orchestration.publication.release as release_module
import scrapers.files
from orchestration.publication import release_folders
from orchestration.publication.changes import CHANGES
from orchestration.publication.hashes import presentation_sha256
from orchestration.publication.latest import descriptor, differences, unexpected_files
from orchestration.publication.release import Release
from orchestration.publication.workbook.book import MOST_ROWS
from orchestration.runtime.progress import ProgressEvent, subscribed
from orchestration.warehouse import updates
from orchestration.warehouse.marts import DATABASE
from tests.orchestration.publication.release_factories import Row, make_filing, make_release

BATCHES, FILINGS = "parquet/batches.parquet", "parquet/filings.parquet"


def made(folder: Path, batches: str, filings: str, *rows: Row) -> Release:
    """A release of these filings, whose tables have these hashes."""
    return make_release(folder, *rows, tables={"batches": batches, "filings": filings})


@pytest.fixture
def first(tmp_path: Path) -> Release:
    return made(tmp_path, "b1", "f1", make_filing(1), make_filing(2))


def is_shared(name: str, one: Release, other: Release) -> bool:
    return (one.path / name).samefile(other.path / name)


def table_of(release: Release, name: str) -> tuple[list[object], list[object]]:
    with duckdb.connect(str(release.path / DATABASE), read_only=True) as connection:
        table = connection.table(name)
        return table.fetchall(), [*zip(table.columns, table.types, strict=True)]


def test_file_of_an_unchanged_mart_is_that_of_the_latest_release(tmp_path, first):
    second = made(tmp_path, "b1", "f2", make_filing(1), make_filing(2, note="x"))
    assert is_shared(BATCHES, first, second) and not is_shared(FILINGS, first, second)
    assert table_of(second, "batches") == table_of(first, "batches")
    assert second.counts["amended"] == 1 and second.rows["batches"] == 1
    for release in (first, second):
        assert not any(differences(release.path)) and not any(unexpected_files(release.path))


def test_release_with_linked_files_equals_one_that_was_exported(tmp_path, first):
    linked = made(tmp_path, "b1", "f2", make_filing(1), make_filing(3))
    (tmp_path / "other").mkdir()
    exported = made(tmp_path / "other", "b1", "f2", make_filing(1), make_filing(3))
    assert linked.content_sha256 == exported.content_sha256
    assert table_of(linked, "filings") == table_of(exported, "filings")


@pytest.mark.parametrize("name", [BATCHES, DATABASE])
def test_nothing_is_taken_from_a_damaged_release(tmp_path, first, name):
    path = first.path / name
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    second = made(tmp_path, "b1", "f1", make_filing(1), make_filing(2))
    assert second.is_new and second.content_sha256 == first.content_sha256
    assert not any(differences(second.path))
    damaged = first.path.with_name(f"{first.name}.damaged")
    assert not (damaged / BATCHES).samefile(second.path / BATCHES)


def test_all_marts_are_exported_when_their_presentation_changed(tmp_path, first, monkeypatch):
    monkeypatch.setattr(
        release_module, "presentation_sha256", lambda marts: presentation_sha256(marts)[::-1]
    )
    second = made(tmp_path, "b1", "f1", make_filing(1), make_filing(2))
    assert second.is_new and not is_shared(BATCHES, first, second)


def test_all_marts_are_exported_after_a_release_without_hashes(tmp_path, first_release):
    first_release()
    second = made(tmp_path, "b1", "f1", make_filing(1), make_filing(2))
    assert second.counts["added"] == 1 and not any(differences(second.path))


def test_file_is_copied_where_the_file_system_has_no_links(tmp_path, first, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    second = made(tmp_path, "b1", "f2", make_filing(1), make_filing(3))
    assert not is_shared(BATCHES, first, second) and not any(differences(second.path))
    assert (second.path / BATCHES).read_bytes() == (first.path / BATCHES).read_bytes()
    assert scrapers.files.file_sha256(second.path / BATCHES)


def test_removing_a_release_leaves_the_files_of_the_next_one(tmp_path, first):
    second = made(tmp_path, "b1", "f2", make_filing(1), make_filing(3))
    release_module.shutil.rmtree(first.path)
    assert not any(differences(second.path))


@pytest.fixture
def at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets tables of any size be updated."""
    for module in (updates, release_folders):
        monkeypatch.setattr(module, "SMALLEST_UPDATED", 1)


def numbers(release: Release) -> list[object]:
    """The last digits of the filings, in the order of the table."""
    return [int(str(row[0])[-3:]) for row in table_of(release, "filings")[0]]


@pytest.mark.usefixtures("at_any_size")
def test_large_tables_are_updated_in_a_copy_of_the_latest_database(tmp_path):
    many = [make_filing(number) for number in range(10, 60)]
    first = made(tmp_path, "b1", "f1", *many)
    second = made(tmp_path, "b1", "f2", *many[1:], make_filing(1))
    # The new row is at the end of the table, and the first of the file.
    assert numbers(second) == [*range(11, 60), 1]
    parquet = duckdb.read_parquet(str(second.path / FILINGS)).fetchall()
    assert parquet == sorted(table_of(second, "filings")[0])
    assert second.counts["added"] == second.counts["gone"] == 1
    with duckdb.connect(str(second.path / DATABASE), read_only=True) as connection:
        changed = connection.execute(f"select filing_number from {CHANGES.name}").fetchall()
    assert len(changed) == 2
    for release in (first, second):
        assert not any(differences(release.path)) and not any(unexpected_files(release.path))
    (tmp_path / "other").mkdir()
    exported = made(tmp_path / "other", "b1", "f2", *many[1:], make_filing(1))
    assert exported.content_sha256 == second.content_sha256


@pytest.mark.usefixtures("at_any_size")
def test_database_is_written_again_after_many_updates(tmp_path, monkeypatch):
    monkeypatch.setattr(release_folders, "MOST_DATABASE_UPDATES", 2)
    many = [make_filing(number) for number in range(10, 60)]
    found = []
    for count in range(4):
        new = [make_filing(number) for number in range(count)]
        release = made(tmp_path, "b1", f"f{count}", *many, *new)
        listed = numbers(release)
        found.append(
            (descriptor(release.path).get("database_updates", 0), listed == sorted(listed))
        )
    assert found == [(0, True), (1, False), (2, False), (0, True)]


@pytest.mark.usefixtures("at_any_size")
def test_database_that_cannot_be_updated_is_written_again(tmp_path, monkeypatch):
    def fail(*_: object) -> bool:
        raise duckdb.OutOfMemoryException("failed to allocate")

    many = [make_filing(number) for number in range(10, 60)]
    made(tmp_path, "b1", "f1", *many)
    monkeypatch.setattr("orchestration.warehouse.marts.update_rows", fail)
    said: list[ProgressEvent] = []
    with subscribed(said.append):
        second = made(tmp_path, "b1", "f2", *many, make_filing(1))
    assert any("cannot be updated (failed to allocate)" in event.message for event in said)
    assert numbers(second) == [1, *range(10, 60)]
    assert "database_updates" not in descriptor(second.path)


def test_database_without_large_tables_is_written_again(tmp_path, first):
    second = made(tmp_path, "b1", "f2", make_filing(2), make_filing(1), make_filing(0))
    assert numbers(second) == [0, 1, 2]
    assert "database_updates" not in descriptor(second.path)


def test_sheets_of_the_workbook_are_of_sorted_tables():
    assert MOST_ROWS < updates.SMALLEST_UPDATED
