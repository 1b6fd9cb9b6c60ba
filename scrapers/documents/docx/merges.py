"""Merged cells of a .docx table.

Cells merged horizontally are one cell. Cells merged vertically all get the text of the first one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from scrapers.documents.cells import CellRow, are_same_edge, column_of
from scrapers.documents.docx.columns import columns_of, edge_after
from scrapers.documents.docx.markup import MERGES, attribute, child
from scrapers.documents.headings import Headings


class Cell(NamedTuple):
    """A cell as written: its text, the number of grid columns it covers, and how it is merged."""

    text: str
    columns: int = 1
    is_deleted: bool = False
    continues_above: bool = False
    starts_merge: bool = False
    continues_left: bool = False


class Above(NamedTuple):
    """The row above another one: its cells, and which of them are merged vertically."""

    row: CellRow = CellRow((), ())
    is_merged: tuple[bool, ...] = ()

    @classmethod
    def of(cls, row: CellRow) -> "Above":
        """A row without merged cells."""
        return cls(row, (False,) * len(row.ends))

    def in_other_table(self, ends: Sequence[int]) -> "Above":
        """The same row with the right edges of another table's first row.

        Each table has its own column widths. Without cells if the numbers of cells differ.
        """
        if len(ends) != len(self.row.ends):
            return Above()
        return self._replace(row=CellRow(self.row.texts, tuple(ends)))

    def text_at(self, end: int, own_text: str) -> str:
        """The text of a cell that continues the one above it and has this right edge.

        If the cell above is not merged, the cell's own text takes precedence, if it has any.
        """
        texts, ends = self.row
        column = column_of(end, ends)
        if column == len(ends) or not are_same_edge(ends[column], end):
            return own_text
        return texts[column] if self.is_merged[column] else own_text or texts[column]


def with_merges(element: etree._Element, cell: Cell) -> Cell:
    """The cell, completed with how its properties merge it."""
    properties = child(element, "tcPr")
    for item in () if properties is None else properties:
        name = MERGES.get(item.tag)
        if name == "gridSpan":
            cell = cell._replace(columns=columns_of(item, least=1))
        elif name == "vMerge":
            starts = attribute(item, "val") == "restart"
            cell = cell._replace(continues_above=not starts, starts_merge=starts)
        elif name == "cellMerge":
            state = attribute(item, "vMerge")
            cell = cell._replace(continues_above=state == "cont", starts_merge=state == "rest")
        elif name == "hMerge":
            cell = cell._replace(continues_left=attribute(item, "val") != "restart")
        elif name == "cellDel":
            cell = cell._replace(is_deleted=True)
    return cell


class Placed(NamedTuple):
    """A cell with its left and right edge, in twips."""

    cell: Cell
    start: int
    end: int


def placed_cells(cells: Sequence[Cell], edges: Sequence[int]) -> list[Placed]:
    """The cells of a row with their edges, without deleted cells.

    Cells merged horizontally are joined.
    """
    placed: list[Placed] = []
    column = deleted = 0
    for cell in cells:
        start = edge_after(edges, column)
        column += cell.columns
        if cell.is_deleted:
            deleted += edge_after(edges, column) - start
            continue
        start, end = start - deleted, edge_after(edges, column) - deleted
        if cell.continues_left and placed:
            first = placed.pop()
            whole = first.cell._replace(text=first.cell.text + cell.text)
            placed.append(Placed(whole, first.start, end))
        else:
            placed.append(Placed(cell, start, end))
    return placed


def merged_row(cells: Sequence[Placed], above: Above, headings: Headings) -> Above:
    """The row, in which cells that continue the one above have its text.

    They are empty if the row above has the headings.
    """
    texts = []
    has_merges = any(cell.continues_above for cell, _, _ in cells)
    is_below_headings = has_merges and headings.is_heading_row(above.row)
    for cell, start, end in cells:
        if not cell.continues_above:
            texts.append(cell.text)
        # A sliver next to a merged cell must not repeat its text.
        elif are_same_edge(start, end) or is_below_headings:
            texts.append("")
        else:
            texts.append(above.text_at(end, cell.text))
    return Above(
        CellRow(tuple(texts), tuple(end for _, _, end in cells)),
        tuple(cell.continues_above or cell.starts_merge for cell, _, _ in cells),
    )


def below_deleted(cells: Sequence[Placed], above: Above, headings: Headings) -> Above:
    """The row above the one after a deleted row. The text of a merge that began there is lost."""
    row = merged_row(cells, above, headings)
    kept = (
        text if cell.continues_above else ""
        for text, (cell, _, _) in zip(row.row.texts, cells, strict=True)
    )
    return row._replace(row=CellRow(tuple(kept), row.row.ends))
