"""Published lists are read like python-docx reads them.

The documents are in a folder next to the checkout, because the project does not contain them. The
tests are skipped without that folder.
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

# Reading all lists twice takes half a minute.
pytestmark = pytest.mark.many_builds
needs_lists = pytest.mark.skipif(not ALL, reason="no published lists next to the checkout")


def by_python_docx(content: bytes) -> list[list[str]]:
    """Every row as the texts of its cells. A cell that spans several grid columns is one cell."""
    return [
        [squeezed(_Cell(cell, table).text) for cell in row._tr.tc_lst]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@needs_lists
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_cell_equals_that_of_python_docx(path):
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
def test_lists_have_the_counted_rows():
    tables = [read_list(path.read_bytes()) for path in DEEP_SYNTHESIS]
    rows = [row for table in tables for row in table.rows]
    assert len(tables) == 17
    assert len(rows) == 7_059
    assert len({row["filing_number"] for row in rows}) == 7_058


@needs_lists
def test_each_list_has_one_heading_row():
    for path in ALL:
        rows = [row for table in docx_tables(path.read_bytes(), LIST_LAYOUTS) for row in table]
        assert sum(map(Headings(LIST_LAYOUTS).is_heading_row, rows)) == 1
