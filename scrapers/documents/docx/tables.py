"""Tables of a .docx document → rows of texts, each cell with the edge at which it ends.

Rows and cells are taken as they are with all tracked changes accepted. Merged cells say the same in
every row that they cover.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from lxml import etree

from scrapers.documents.docx import markup
from scrapers.documents.docx.markup import KINDS, MERGES, attribute, child, children
from scrapers.documents.docx.package import Package
from scrapers.documents.docx.runs import CellReader
from scrapers.documents.grid import (
    SLIVER,
    UNKNOWN_WIDTH,
    GridRow,
    Table,
    are_same_edge,
    join_lines,
)
from scrapers.documents.table import is_heading
from scrapers.errors import DocumentError, TableError
from scrapers.filing_number import numbers_in

MAX_SPAN_DIGITS = 3

# Twips per unit of a measure (ST_TwipsMeasure); strict documents may give them with a unit.
_UNITS = {"": 1, "pt": 20, "in": 1440, "cm": 1440 / 2.54, "mm": 144 / 2.54, "pc": 240, "pi": 240}
_MEASURE = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]{0,2})\s*")


class _Above(NamedTuple):
    """The row above another one: its cells, and which of them are part of a merge downwards."""

    row: GridRow = GridRow((), ())
    is_merged: tuple[bool, ...] = ()

    @classmethod
    def of(cls, row: GridRow) -> "_Above":
        """A row without merged cells."""
        return cls(row, (False,) * len(row.ends))

    def in_other_table(self, ends: Sequence[int]) -> "_Above":
        """The same for the first row of another table, whose columns have widths of their own."""
        if len(ends) != len(self.row.ends):
            return _Above()
        return self._replace(row=GridRow(self.row.texts, tuple(ends)))

    def text_at(self, end: int, own_text: str) -> str:
        """What a cell that ends there and goes on from above says.

        Nothing where a heading is above it. Below a cell that is not merged it says what it holds
        itself, if anything.
        """
        if is_heading(self.row):
            return ""
        for text, edge, is_merged in zip(*self.row, self.is_merged, strict=True):
            if are_same_edge(edge, end):
                return text if is_merged else own_text or text
        return own_text


class _Cell(NamedTuple):
    """A cell as it is met: its text, the grid columns it covers, and how it is merged."""

    text: str
    columns: int = 1
    is_deleted: bool = False
    goes_on_from_above: bool = False
    starts_merge: bool = False
    goes_on_from_left: bool = False


def read_tables(package: Package) -> list[Table]:
    """Every table that is shown, wherever in the document it is, in order.

    Raises TableError for a table inside a table's cell, DocumentError for an unknown element or for
    a filing number outside every table.
    """
    reader = CellReader(package)
    tables: list[Table] = []
    above = _Above()
    for element in _shown_tables(package):
        table, above = _read_table(element, package, reader, above)
        tables.append(table)
    _refuse_rows_elsewhere(package)
    return tables


def _shown_tables(package: Package) -> list[etree._Element]:
    direct = list(children(package.body, "tbl"))
    # Each has two tags. Where these are all, there is no other table; a search through all elements
    # would cost as much as reading half of the text.
    if direct and all(map(len, direct)) and package.table_tags == 2 * len(direct):
        return direct
    found = [table for table in package.root.iter(*markup.TABLE_TAGS) if markup.is_shown(table)]
    if any(map(_is_in_a_table, found)):
        raise TableError("a table inside a table's cell", remedy="Its rows cannot be told apart")
    return found


def _refuse_rows_elsewhere(package: Package) -> None:
    """No row may be lost because it is below the table, or in another file of the package."""
    texts = []
    for block in package.body:
        if block.tag in markup.TABLE_TAGS:
            continue
        for element in block.iter(*markup.TEXT_TAGS, *markup.IMPORT_TAGS):
            if _is_in_a_table(element) or not markup.is_shown(element):
                continue
            if element.tag in markup.IMPORT_TAGS:
                raise DocumentError(
                    "a .docx file that keeps part of its text in another file",
                    remedy="Its rows cannot be seen: open it in Word and save it as one document",
                )
            texts.append(element.text or "")
    # A number may be split into any pieces.
    if numbers := numbers_in("".join(texts)):
        raise DocumentError(
            f"the filing number {numbers[0]} is outside every table",
            remedy="A row would be lost: look at the document",
        )


def _is_in_a_table(element: etree._Element) -> bool:
    return next(element.iterancestors(*markup.TABLE_TAGS), None) is not None


def _read_table(
    table: etree._Element, package: Package, reader: CellReader, above: _Above
) -> tuple[Table, _Above]:
    """The rows of a table, and the last one for the table below."""
    edges = list(accumulate(_grid_widths(table), initial=0))
    rows: Table = []
    for row, _ in _elements(table, "tr"):
        properties = child(row, "trPr")
        is_deleted = _is_deleted(properties)
        if package.merges_cells or _omits_columns(properties):
            cells = _placed(list(_cells(row, properties, reader)), edges)
            if not rows:
                above = above.in_other_table([cell.end for cell in cells])
            above = _below_deleted(cells, above) if is_deleted else _merged_row(cells, above)
        elif not is_deleted:
            texts = tuple(_texts(row, reader))
            above = _Above.of(GridRow(texts, _ends(edges, len(texts))))
        if not is_deleted:
            rows.append(above.row)
    return rows, above


def _elements(parent: etree._Element, wanted: str) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table or the cells of a row, and whether each is a mere prompt."""
    for element in parent:
        kind = KINDS.get(element.tag)
        if kind == wanted:
            yield element, False
        elif kind == markup.WRAPPER:
            yield from _elements(element, wanted)
        elif kind == markup.ALTERNATE:
            yield from _elements(markup.chosen_branch(element), wanted)
        elif kind == "sdt":
            is_prompt = markup.is_placeholder(element)
            for content in children(element, "sdtContent"):
                for found, was_prompt in _elements(content, wanted):
                    yield found, is_prompt or was_prompt
        elif kind != markup.IGNORED:
            markup.refuse_unknown(element)


def _is_deleted(properties: etree._Element | None) -> bool:
    return properties is not None and child(properties, "del") is not None


def _omits_columns(properties: etree._Element | None) -> bool:
    return properties is not None and any(
        child(properties, name) is not None for name in ("gridBefore", "gridAfter")
    )


def _texts(row: etree._Element, reader: CellReader) -> Iterator[str]:
    for element, is_prompt in _elements(row, "tc"):
        yield "" if is_prompt else _on_one_line(reader.read(element))


def _on_one_line(shown: str) -> str:
    return join_lines(shown) if "\n" in shown else shown.strip()


def _cells(
    row: etree._Element, properties: etree._Element | None, reader: CellReader
) -> Iterator[_Cell]:
    """The cells of a row; grid columns left out before or behind them are empty cells."""
    if before := _omitted(properties, "gridBefore"):
        yield _Cell("", before)
    for element, is_prompt in _elements(row, "tc"):
        yield _merged(element, _Cell("" if is_prompt else _on_one_line(reader.read(element))))
    if after := _omitted(properties, "gridAfter"):
        yield _Cell("", after)


def _merged(element: etree._Element, cell: _Cell) -> _Cell:
    """The cell with what its properties say of its merging."""
    properties = child(element, "tcPr")
    for item in () if properties is None else properties:
        name = MERGES.get(item.tag)
        if name == "gridSpan":
            cell = cell._replace(columns=_columns(item, least=1))
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


class _Placed(NamedTuple):
    """A cell with its place in the row."""

    cell: _Cell
    start: int
    end: int


def _placed(cells: Sequence[_Cell], edges: Sequence[int]) -> list[_Placed]:
    """The cells of a row, without deleted columns; those merged to the right are one."""
    placed: list[_Placed] = []
    column = deleted = 0
    for cell in cells:
        start = _edge(edges, column)
        column += cell.columns
        if cell.is_deleted:
            deleted += _edge(edges, column) - start
            continue
        start, end = start - deleted, _edge(edges, column) - deleted
        if cell.goes_on_from_left and placed:
            first = placed.pop()
            whole = first.cell._replace(text=first.cell.text + cell.text)
            placed.append(_Placed(whole, first.start, end))
        else:
            placed.append(_Placed(cell, start, end))
    return placed


def _merged_row(cells: Sequence[_Placed], above: _Above) -> _Above:
    texts = []
    for cell, start, end in cells:
        if not cell.goes_on_from_above:
            texts.append(cell.text)
        # Of a merged cell that leaves a sliver beside it, the sliver does not say it again.
        elif are_same_edge(start, end):
            texts.append("")
        else:
            texts.append(above.text_at(end, cell.text))
    return _Above(
        GridRow(tuple(texts), tuple(end for _, _, end in cells)),
        tuple(cell.goes_on_from_above or cell.starts_merge for cell, _, _ in cells),
    )


def _below_deleted(cells: Sequence[_Placed], above: _Above) -> _Above:
    """What is above the row after a deleted one: a merge that began there has lost its text."""
    row = _merged_row(cells, above)
    kept = (
        text if cell.goes_on_from_above else ""
        for text, (cell, _, _) in zip(row.row.texts, cells, strict=True)
    )
    return row._replace(row=GridRow(tuple(kept), row.row.ends))


def _ends(edges: Sequence[int], cells: int) -> tuple[int, ...]:
    """Where the cells of a row end that cover one grid column each."""
    if cells < len(edges):
        return tuple(edges[1 : cells + 1])
    return tuple(_edge(edges, column) for column in range(1, cells + 1))


def _edge(edges: Sequence[int], columns: int) -> int:
    """Where so many grid columns end; those that the grid does not have count as wide."""
    missing = columns - (len(edges) - 1)
    return edges[columns] if missing <= 0 else edges[-1] + missing * UNKNOWN_WIDTH


def _grid_widths(table: etree._Element) -> list[int]:
    """The widths of the grid's columns in twips; unknown ones count as wide."""
    grid = child(table, "tblGrid")
    if grid is None:
        return []
    widths = [_twips(attribute(column, "w") or "") for column in children(grid, "gridCol")]
    # Some writers put the same nominal width everywhere.
    return widths if max(widths, default=0) > SLIVER else [UNKNOWN_WIDTH] * len(widths)


def _twips(measure: str) -> int:
    found = _MEASURE.fullmatch(measure)
    if not found or found[2] not in _UNITS:
        return UNKNOWN_WIDTH
    return round(float(found[1]) * _UNITS[found[2]]) or UNKNOWN_WIDTH


def _omitted(properties: etree._Element | None, name: str) -> int:
    """How many grid columns a row leaves out at one of its ends."""
    omitted = None if properties is None else child(properties, name)
    return 0 if omitted is None else _columns(omitted, least=0)


def _columns(element: etree._Element, least: int) -> int:
    value = attribute(element, "val")
    columns = "1" if value is None else value
    if not columns.isdecimal() or len(columns) > MAX_SPAN_DIGITS or int(columns) < least:
        raise DocumentError(f"a .docx file with a cell over {columns!r} grid columns")
    return int(columns)
