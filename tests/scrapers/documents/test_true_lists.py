"""Lists as the source publishes them, read beside python-docx; skipped where there are none.

The documents lie in a folder beside the checkout: the project does not contain them.
"""

import io

import pytest
from docx import Document
from docx.table import _Cell

from scrapers.documents.docx import docx_tables
from scrapers.documents.headings import Headings
from tests.support.docx_builder import HEADINGS
from tests.support.paths import SHARED
from tests.support.tables import LIST_LAYOUTS, cells_of, read_list

LISTS = SHARED / "data" / "lists"
DEEP_SYNTHESIS = sorted(LISTS.glob("deep_synthesis_*.docx"))
ALL = sorted(LISTS.glob("*.docx"))

needs_lists = pytest.mark.skipif(not ALL, reason="no published lists beside the checkout")


def by_python_docx(content: bytes) -> list[list[str]]:
    """Every row as the texts of its cells; a cell over several grid columns is one cell."""
    return [
        [squeezed(_Cell(cell, table).text) for cell in row._tr.tc_lst]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@needs_lists
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_cell_is_what_python_docx_reads(path):
    content = path.read_bytes()
    expected = by_python_docx(content)
    rows = [row for table in docx_tables(content, LIST_LAYOUTS) for row in table]
    assert [[squeezed(text) for text in row.texts] for row in rows] == expected
    if path in DEEP_SYNTHESIS:
        headings, *listed = (row for row in expected if any(row))
        assert headings == [*HEADINGS]
        found = cells_of(read_list(content))
        assert [[squeezed(text) for text in cells] for cells in found] == listed


@needs_lists
def test_the_lists_have_the_rows_that_were_counted():
    tables = [read_list(path.read_bytes()) for path in DEEP_SYNTHESIS]
    rows = [row for table in tables for row in table.rows]
    assert len(tables) == 17
    assert len(rows) == 7_059
    assert len({row["filing_number"] for row in rows}) == 7_058


@needs_lists
def test_each_list_has_one_row_of_headings():
    for path in ALL:
        rows = [row for table in docx_tables(path.read_bytes(), LIST_LAYOUTS) for row in table]
        assert sum(map(Headings(LIST_LAYOUTS).are_in, rows)) == 1
