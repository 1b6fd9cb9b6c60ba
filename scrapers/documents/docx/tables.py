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


class _Cell(NamedTuple):
    """A cell as it is met: its text, the grid columns it covers, and how it is merged."""

    text: str
    columns: int = 1
    is_deleted: bool = False
    goes_on_from_above: bool = False
    goes_on_from_left: bool = False


def read_tables(package: Package) -> list[Table]:
    """Every table that is shown, wherever in the document it is, in order.

    Raises TableError for a table inside a table's cell, DocumentError for an unknown element or for
    a filing number outside every table.
    """
    reader = CellReader(package)
    tables: list[Table] = []
    above = GridRow((), ())
    for element in _shown_tables(package):
        tables.append(_read_table(element, package, reader, above))
        above = tables[-1][-1] if tables[-1] else above
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
    table: etree._Element, package: Package, reader: CellReader, above: GridRow
) -> Table:
    edges = list(accumulate(_grid_widths(table), initial=0))
    rows: Table = []
    for row, _ in _elements(table, "tr"):
        properties = child(row, "trPr")
        if _is_deleted(properties):
            continue
        if package.merges_cells or _omits_columns(properties):
            above = _grid_row(list(_cells(row, properties, reader)), edges, above)
        else:
            texts = tuple(_texts(row, reader))
            above = GridRow(texts, _ends(edges, len(texts)))
        rows.append(above)
    return rows


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
            cell = cell._replace(goes_on_from_above=attribute(item, "val") != "restart")
        elif name == "cellMerge":
            cell = cell._replace(goes_on_from_above=attribute(item, "vMerge") == "cont")
        elif name == "hMerge":
            cell = cell._replace(goes_on_from_left=attribute(item, "val") != "restart")
        elif name == "cellDel":
            cell = cell._replace(is_deleted=True)
    return cell


def _grid_row(cells: Sequence[_Cell], edges: Sequence[int], above: GridRow) -> GridRow:
    texts: list[str] = []
    ends: list[int] = []
    column = deleted = 0
    for cell in cells:
        start = _edge(edges, column)
        column += cell.columns
        if cell.is_deleted:
            deleted += _edge(edges, column) - start
            continue
        end = _edge(edges, column) - deleted
        if cell.goes_on_from_left and texts:
            texts[-1] += cell.text
            ends[-1] = end
            continue
        texts.append(_text_above(above, end) if cell.goes_on_from_above else cell.text)
        ends.append(end)
    return GridRow(tuple(texts), tuple(ends))


def _ends(edges: Sequence[int], cells: int) -> tuple[int, ...]:
    """Where the cells of a row end that cover one grid column each."""
    if cells < len(edges):
        return tuple(edges[1 : cells + 1])
    return tuple(_edge(edges, column) for column in range(1, cells + 1))


def _edge(edges: Sequence[int], columns: int) -> int:
    """Where so many grid columns end; those that the grid does not have count as wide."""
    missing = columns - (len(edges) - 1)
    return edges[columns] if missing <= 0 else edges[-1] + missing * UNKNOWN_WIDTH


def _text_above(above: GridRow, end: int) -> str:
    """What the cell above says that ends at the same edge; nothing where it is a heading."""
    if is_heading(above):
        return ""
    return next((text for text, edge in zip(*above, strict=True) if are_same_edge(edge, end)), "")


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
