"""Turn the tables of a document into rows, by heading, whatever the order of the columns.

Strict on purpose: a row of another width, text in a column without a heading, or a table of another
kind is an error. A row is never guessed and never dropped.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scrapers.documents.cells import (
    SLIVER,
    CellRow,
    Table,
    are_same_edge,
    are_same_edges,
    column_of,
    shown_row,
)
from scrapers.documents.headings import HeadedColumns, Headings
from scrapers.documents.layout import POSITION, POSITION_DIGITS, Column, TableLayout
from scrapers.documents.layout_choice import LayoutChoice
from scrapers.documents.titles import titles_among
from scrapers.errors import TableError

__all__ = ["POSITION_DIGITS", "DocumentTable", "Row", "read_table"]


@dataclass(frozen=True)
class Row:
    """One row as printed.

    `row_no` counts from 1 over the whole document. `cells` has a text for each column of the
    layout, in order; it is empty if the table lacks the column. `table` is the layout's name.
    """

    row_no: int
    cells: Mapping[str, str] = field(hash=False)
    table: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def position(self) -> int:
        """The printed position, or 0 if none is printed."""
        text = "".join(self.cells.get(POSITION, "").split())
        return int(text) if text.isdecimal() and len(text) <= POSITION_DIGITS else 0


@dataclass(frozen=True)
class DocumentTable:
    """All rows of a document."""

    rows: tuple[Row, ...]

    @property
    def sha256(self) -> str:
        """Hash of the texts of the rows, without white space.

        Archives store it, so it must stay the same for the same rows.
        """
        digest = hashlib.sha256()
        for row in self.rows:
            place = (str(row.row_no), row.table) if row.table else (str(row.row_no),)
            cells = ("".join(cell.split()) for cell in (*place, *row.cells.values()))
            digest.update("\x1f".join(cells).encode() + b"\x1e")
        return digest.hexdigest()

    @property
    def highest_position(self) -> int:
        """The highest printed position, or 0 if none is printed."""
        return max((row.position for row in self.rows), default=0)


def read_table(tables: Sequence[Table], layouts: Sequence[TableLayout]) -> DocumentTable:
    """The rows of a document from its tables. A table without headings continues the one before.

    Raises TableError, with the row number if there is one.
    """
    if not any(any(row.texts) for table in tables for row in table):
        raise TableError("the document contains no table")
    headings = Headings(layouts)
    choice = LayoutChoice(headings)
    rows: list[Row] = []
    for table in tables:
        titles = titles_among(table, headings)
        choice.begin_table()
        # Each table has its own column widths. If a later one does not repeat the headings, its
        # first row with as many cells as there are headings gives the edges of the columns.
        is_measured = False
        for number, row in enumerate(table):
            if not any(row.texts):
                continue
            if headings.is_heading_row(row):
                choice.read_headings(row)
                is_measured = True
            elif number in titles:
                choice.read_title(titles[number])
            elif choice.columns:
                if not is_measured and len(row.ends) == len(choice.columns.ends):
                    choice.measure(row.ends)
                    is_measured = True
                rows.append(_row(row, choice, choice.columns, len(rows) + 1))
            elif len(row.texts) > 1:
                raise TableError(
                    f"a table that begins with {shown_row(row.texts)} instead of headings",
                    remedy=f"The headings of a {headings.noun} are {headings.shown}",
                )
    if choice.columns is None:
        raise TableError(f"no table has the heading {headings.key_headings}")
    if not rows:
        raise TableError(f"the {headings.noun} has headings but no rows")
    return DocumentTable(tuple(rows))


def _row(row: CellRow, choice: LayoutChoice, headed: HeadedColumns, row_no: int) -> Row:
    texts = _texts_by_heading(row, headed, row_no)
    if any(texts[place] for place in headed.unnamed):
        raise TableError(
            f"text in a column without a heading: {shown_row(row.texts)}", row_no=row_no
        )
    try:
        columns = choice.choose(texts)
    except TableError as error:
        error.row_no = row_no
        raise
    cells = {
        name: _cell(texts[columns.places[name]], column) if name in columns.places else ""
        for name, column in columns.layout.columns.items()
    }
    return Row(row_no, cells, columns.layout.name)


def _cell(text: str, column: Column) -> str:
    return text if column.spaced else "".join(text.split())


def _texts_by_heading(row: CellRow, columns: HeadedColumns, row_no: int) -> Sequence[str]:
    """The row's texts, one per heading. Texts of cells below the same heading are joined."""
    if row.ends == columns.ends or are_same_edges(row.ends, columns.ends):
        return row.texts
    if not are_same_edge(row.ends[-1], columns.ends[-1]):
        raise TableError(
            f"{len(row.texts)} cells that do not line up with the {len(columns.ends)} headings: "
            f"{shown_row(row.texts)}",
            row_no=row_no,
        )
    joined = [""] * len(columns.ends)
    starts = (0, *row.ends)
    for text, start, end in zip(row.texts, starts, row.ends, strict=False):
        column = column_of(end, columns.ends)
        if column and start < columns.ends[column - 1] - SLIVER:
            raise TableError(
                f"a cell that spans two headings: {shown_row(row.texts)}", row_no=row_no
            )
        joined[column] += text
    return joined
