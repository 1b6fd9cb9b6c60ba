"""Merged cells of a .docx table: to the right they are one cell, downwards each says the same."""

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from scrapers.documents.cells import CellRow, are_same_edge, column_of
from scrapers.documents.docx.columns import columns_of, edge_after
from scrapers.documents.docx.markup import MERGES, attribute, child
from scrapers.documents.headings import Headings


class Cell(NamedTuple):
    """A cell as it is met: its text, the grid columns it covers, and how it is merged."""

    text: str
    columns: int = 1
    is_deleted: bool = False
    goes_on_from_above: bool = False
    starts_merge: bool = False
    goes_on_from_left: bool = False


class Above(NamedTuple):
    """The row above another one: its cells, and which of them are part of a merge downwards."""

    row: CellRow = CellRow((), ())
    is_merged: tuple[bool, ...] = ()

    @classmethod
    def of(cls, row: CellRow) -> "Above":
        """A row without merged cells."""
        return cls(row, (False,) * len(row.ends))

    def in_other_table(self, ends: Sequence[int]) -> "Above":
        """The same for the first row of another table, whose columns have widths of their own."""
        if len(ends) != len(self.row.ends):
            return Above()
        return self._replace(row=CellRow(self.row.texts, tuple(ends)))

    def text_at(self, end: int, own_text: str) -> str:
        """What a cell that ends there and goes on from above says.

        Below a cell that is not merged it says what it holds itself, if anything.
        """
        texts, ends = self.row
        column = column_of(end, ends)
        if column == len(ends) or not are_same_edge(ends[column], end):
            return own_text
        return texts[column] if self.is_merged[column] else own_text or texts[column]


def with_merges(element: etree._Element, cell: Cell) -> Cell:
    """The cell with what its properties say of its merging."""
    properties = child(element, "tcPr")
    for item in () if properties is None else properties:
        name = MERGES.get(item.tag)
        if name == "gridSpan":
            cell = cell._replace(columns=columns_of(item, least=1))
        elif name == "vMerge":
            starts = attribute(item, "val") == "restart"
            cell = cell._replace(goes_on_from_above=not starts, starts_merge=starts)
        elif name == "cellMerge":
            state = attribute(item, "vMerge")
            cell = cell._replace(goes_on_from_above=state == "cont", starts_merge=state == "rest")
        elif name == "hMerge":
            cell = cell._replace(goes_on_from_left=attribute(item, "val") != "restart")
        elif name == "cellDel":
            cell = cell._replace(is_deleted=True)
    return cell


class Placed(NamedTuple):
    """A cell with its place in the row."""

    cell: Cell
    start: int
    end: int


def placed_cells(cells: Sequence[Cell], edges: Sequence[int]) -> list[Placed]:
    """The cells of a row, without deleted columns; those merged to the right are one."""
    placed: list[Placed] = []
    column = deleted = 0
    for cell in cells:
        start = edge_after(edges, column)
        column += cell.columns
        if cell.is_deleted:
            deleted += edge_after(edges, column) - start
            continue
        start, end = start - deleted, edge_after(edges, column) - deleted
        if cell.goes_on_from_left and placed:
            first = placed.pop()
            whole = first.cell._replace(text=first.cell.text + cell.text)
            placed.append(Placed(whole, first.start, end))
        else:
            placed.append(Placed(cell, start, end))
    return placed


def merged_row(cells: Sequence[Placed], above: Above, headings: Headings) -> Above:
    """The texts of a row, in which cells that go on from above say what is there: nothing where
    that is a heading.
    """
    texts = []
    goes_on = any(cell.goes_on_from_above for cell, _, _ in cells)
    is_below_heading = goes_on and headings.are_in(above.row)
    for cell, start, end in cells:
        if not cell.goes_on_from_above:
            texts.append(cell.text)
        # Of a merged cell that leaves a sliver beside it, the sliver does not say it again.
        elif are_same_edge(start, end) or is_below_heading:
            texts.append("")
        else:
            texts.append(above.text_at(end, cell.text))
    return Above(
        CellRow(tuple(texts), tuple(end for _, _, end in cells)),
        tuple(cell.goes_on_from_above or cell.starts_merge for cell, _, _ in cells),
    )


def below_deleted(cells: Sequence[Placed], above: Above, headings: Headings) -> Above:
    """What is above the row after a deleted one: a merge that began there has lost its text."""
    row = merged_row(cells, above, headings)
    kept = (
        text if cell.goes_on_from_above else ""
        for text, (cell, _, _) in zip(row.row.texts, cells, strict=True)
    )
    return row._replace(row=CellRow(tuple(kept), row.row.ends))
