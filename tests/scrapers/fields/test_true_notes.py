"""The notes of the published lists, if these are next to the checkout."""

import csv
from collections.abc import Iterator

import docx
import pytest

from scrapers.fields.notes import NoteEvent, read_note
from tests.support.paths import SHARED

TRUE = SHARED / "data"
TABLES = ("filings.tsv", "recommendation_filings.tsv")
MOST_UNRECOGNISED = 0.02


def notes_of_tables() -> Iterator[str]:
    for name in TABLES:
        with (TRUE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["note"]


def notes_of_lists() -> Iterator[str]:
    """The last cells of the rows, if the last heading is 备注."""
    for path in sorted((TRUE / "lists").glob("*.docx")):
        for table in docx.Document(path).tables:
            rows = ((row.tc_lst[-1], table) for row in table._tbl.tr_lst)
            cells = [docx.table._Cell(*row).text for row in rows]
            if "".join(cells[0].split()) == "备注":
                yield from cells[1:]


def read(notes: Iterator[str]) -> list[NoteEvent]:
    return [event for note in notes for event in read_note(note)]


@pytest.mark.parametrize(
    ("notes", "place"),
    [
        (notes_of_tables, TABLES[0]),
        # Opening all lists takes seconds.
        pytest.param(notes_of_lists, "lists", marks=pytest.mark.many_builds),
    ],
)
def test_published_notes_are_recognised(notes, place):
    if not (TRUE / place).exists():
        pytest.skip(f"no published notes next to the checkout: {TRUE / place}")
    events = read(notes())
    unknown = [event.new_value for event in events if event.kind == "unrecognised"]
    assert events
    assert len(unknown) / len(events) <= MOST_UNRECOGNISED, unknown


def test_published_renamings_have_former_names():
    if not (TRUE / TABLES[0]).exists():
        pytest.skip(f"no published notes next to the checkout: {TRUE}")
    renamed = [event for event in read(notes_of_tables()) if event.kind == "entity_renamed"]
    assert sum(event.old_value is not None for event in renamed) > 0.95 * len(renamed)
    assert all(event.old_key != event.new_key for event in renamed if event.new_key)
