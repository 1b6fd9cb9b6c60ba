"""Published lists are read like python-docx reads them.

The documents are in a folder next to the checkout, because the project does not contain them. The
tests are skipped without that folder.
"""

import csv
import io

import pytest
from docx import Document
from docx.table import _Cell

from scrapers.documents.docx import docx_tables
from scrapers.documents.headings import Headings
from scrapers.documents.parsing import parse
from scrapers.fields.filing_number import digits_of
from scrapers.fields.text_keys import matching_key
from scrapers.registers.recommendation import RECOMMENDATION_TABLE
from tests.support.docx_builder import HEADINGS
from tests.support.paths import SHARED
from tests.support.tables import LIST_LAYOUTS, cells_of, read_list

LISTS = SHARED / "data" / "lists"
DEEP_SYNTHESIS = sorted(LISTS.glob("deep_synthesis_*.docx"))
RECOMMENDATION = sorted(LISTS.glob("recommendation_*.docx"))
RECOMMENDATION_HEADINGS = (*HEADINGS[:2], "算法类别", *HEADINGS[3:])
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
    headings, *listed = (row for row in expected if any(row))
    is_recommendation = path in RECOMMENDATION
    assert headings == [*(RECOMMENDATION_HEADINGS if is_recommendation else HEADINGS)]
    layouts = (RECOMMENDATION_TABLE,) if is_recommendation else LIST_LAYOUTS
    found = cells_of(parse(content, layouts))
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


@needs_lists
def test_recommendation_lists_have_the_recorded_filings():
    with (LISTS.parent / "recommendation_filings.tsv").open(encoding="utf-8", newline="") as file:
        recorded = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    read = {
        path.stem.removeprefix("recommendation_"): parse(
            path.read_bytes(), (RECOMMENDATION_TABLE,)
        ).rows
        for path in RECOMMENDATION
    }
    names = ("position", "algorithm_name", "category", "entity_name", "products", "note")
    found = [
        (month, digits_of(row["filing_number"]), *(matching_key(row[name]) for name in names))
        for month, rows in read.items()
        for row in rows
    ]
    expected = [
        (item["list_month"], item["filing_number"], *(matching_key(item[name]) for name in names))
        for item in recorded
        if item["list_month"] in read
    ]
    assert len(found) == len(expected) == 938
    differing = [(one, other) for one, other in zip(found, expected, strict=True) if one != other]
    # Six filings were amended between these lists and the record.
    assert len(differing) == 6
