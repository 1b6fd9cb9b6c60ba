"""Word lists, read back with an independent library, including their irregularities."""

from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest

from scrapers.replica.docx import LAYOUTS, list_docx
from scrapers.replica.facts import load_register
from tests.scrapers.replica.documents import expected_row, read_docx_filings, read_docx_tables
from tests.support.registers import with_new_batch

REGISTER = load_register()
# A regular list, and one of each irregular layout.
BATCHES = (2, 3, 6, 8, 9, 10)


@cache
def built(batch_no: int) -> bytes:
    month = REGISTER.announcement(batch_no).list_month
    return list_docx(batch_no, month, REGISTER.filings[batch_no])


def xml(batch_no: int) -> str:
    with ZipFile(BytesIO(built(batch_no))) as archive:
        assert archive.testzip() is None
        return archive.read("word/document.xml").decode()


@pytest.mark.parametrize("batch_no", BATCHES)
def test_list_contains_its_facts(batch_no):
    assert read_docx_filings(built(batch_no)) == [
        expected_row(row) for row in REGISTER.filings[batch_no]
    ]


def test_list_bytes_are_stable():
    rows = REGISTER.filings[11]
    assert list_docx(11, "2025-05", rows) == built(11)


@pytest.mark.parametrize("batch_no", BATCHES)
def test_rows_without_position_are_numbered_by_word(batch_no):
    empty = sum(not row.position for row in REGISTER.filings[batch_no])
    assert xml(batch_no).count("<w:numPr>") == empty


def test_batch_6_has_narrow_column_merged_with_products_in_two_rows():
    assert xml(6).count('<w:gridSpan w:val="2"/>') == 492 + 1
    assert xml(6).count("<w:gridCol ") == 9
    assert xml(6).count('<w:gridCol w:w="21"/>') == 1
    assert xml(6).count('<w:tcW w:w="2800" w:type="dxa"/><w:gridSpan w:val="2"/>') == 2


@pytest.mark.parametrize(("batch_no", "tables", "headings"), [(7, 1, 1), (8, 2, 2), (9, 2, 1)])
def test_list_continues_in_second_table(batch_no, tables, headings):
    found = read_docx_tables(built(batch_no))
    assert len(found) == tables
    assert sum(row[1] == "算法名称" for table in found for row in table) == headings


def test_batch_10_has_spaces_and_break_in_headings():
    heading = read_docx_tables(built(10))[0][0]
    assert [heading[0], heading[6], heading[7]] == ["序 号", "备案\n编号", "备\u3000注"]


def test_some_lists_have_scattered_text():
    scattered = {batch for batch, layout in LAYOUTS.items() if layout.scattered}
    assert scattered == {3, 7, 11, 13}
    assert {batch for batch in (3, 6, 7, 10) if "<w:br/>" in xml(batch)} == {3, 7, 10}
    cells = [cell for table in read_docx_tables(built(7)) for row in table for cell in row]
    assert sum("\n" in cell for cell in cells) > 100


def test_list_without_notes_has_no_note_column():
    register = with_new_batch(REGISTER, 19, rows=4)
    body = list_docx(19, "2026-09", register.filings[19])
    assert len(read_docx_tables(body)[0][0]) == 7
    assert read_docx_filings(body) == [expected_row(row) for row in register.filings[19]]
