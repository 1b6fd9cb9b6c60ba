"""Reads documents by the deep-synthesis layouts, and makes rows of any layout.

Tests read documents in their own process, which is faster than in a child process.
"""

from scrapers.documents import DocumentTable, Row, TableLayout
from scrapers.documents.parsing import parse
from scrapers.registers.cancellation_notices import NOTICE_TABLE
from scrapers.registers.deep_synthesis import LIST_TABLE

LIST_LAYOUTS = (LIST_TABLE,)
NOTICE_LAYOUTS = (NOTICE_TABLE,)


def read_list(content: bytes) -> DocumentTable:
    return parse(content, LIST_LAYOUTS)


def read_cancellations(content: bytes) -> DocumentTable:
    return parse(content, NOTICE_LAYOUTS)


def make_row(layout: TableLayout, row_no: int, /, **cells: str) -> Row:
    """A row of a layout; cells default to empty."""
    assert cells.keys() <= layout.columns.keys()
    return Row(row_no, {name: cells.get(name, "") for name in layout.columns}, layout.name)


def cells_of(table: DocumentTable) -> list[tuple[str, ...]]:
    """The cells of each row, in the order of the layout's columns."""
    return [tuple(row.cells.values()) for row in table.rows]
