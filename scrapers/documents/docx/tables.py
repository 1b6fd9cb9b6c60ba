"""Read the tables of a .docx document into rows of texts, with the right edge of each cell.

All tracked changes count as accepted.
"""

from collections.abc import Iterable, Iterator

from lxml import etree

from scrapers.documents.bounds import Size, cells_of_a_row
from scrapers.documents.cells import CellRow, Table, join_lines
from scrapers.documents.docx import markup
from scrapers.documents.docx.columns import columns_of, ends_of, grid_edges
from scrapers.documents.docx.markup import KINDS, child, children
from scrapers.documents.docx.merges import (
    Above,
    Cell,
    below_deleted,
    merged_row,
    placed_cells,
    with_merges,
)
from scrapers.documents.docx.package import Package
from scrapers.documents.docx.runs import CellReader
from scrapers.documents.docx.titles import titles_above
from scrapers.documents.headings import Headings
from scrapers.documents.layout import KeyGrammar
from scrapers.documents.titles import title_row
from scrapers.errors import DocumentError, TableError


def read_tables(package: Package, headings: Headings) -> list[Table]:
    """Every table that the document shows, wherever it is, in order.

    A title above a table is a row of it if the tables may have several layouts.

    Raises TableError for a table inside a table cell. Raises DocumentError for an unknown element,
    for a row's key outside every table, and for tables over the size limits.
    """
    reader, size = CellReader(package), Size()
    tables: list[Table] = []
    above = Above()
    elements = _shown_tables(package)
    titles = titles_above(package, elements, headings)
    for element, texts in zip(elements, titles, strict=True):
        table, above = _read_table(element, package, reader, size, above, headings)
        tables.append([*map(title_row, texts), *table])
    _refuse_rows_outside(package, headings.grammars)
    return tables


def _shown_tables(package: Package) -> list[etree._Element]:
    direct = list(children(package.body, "tbl"))
    # Each table has two tags. If that makes all tags, there is no other table, and a search through
    # all elements, which takes as long as reading half of the text, is not needed.
    if direct and all(map(len, direct)) and package.table_tags == 2 * len(direct):
        return direct
    shown = markup.shown_elements(package.root)
    found = [element for element in shown if element.tag in markup.TABLE_TAGS]
    if any(map(_is_in_a_table, found)):
        raise TableError(
            "a table inside a table cell",
            remedy="Its rows cannot be separated from those around it: check the document",
        )
    return found


def _refuse_rows_outside(package: Package, grammars: Iterable[KeyGrammar]) -> None:
    """Raise DocumentError for a row outside the tables, which would be lost.

    It may be in a paragraph, or in another file of the package.
    """
    texts = []
    for block in package.body:
        if block.tag in markup.TABLE_TAGS:
            continue
        wanted = (*markup.TEXT_TAGS, *markup.IMPORT_TAGS)
        if next(block.iter(*wanted), None) is None:
            continue
        for element in markup.shown_elements(block):
            if element.tag not in wanted or _is_in_a_table(element):
                continue
            if element.tag in markup.IMPORT_TAGS:
                raise DocumentError(
                    "a .docx file that keeps part of its text in another file",
                    remedy="Its rows cannot be read: open it in Word and save it as one document",
                )
            texts.append(element.text or "")
    # A key may be split over several runs.
    text = "".join(texts)
    for grammar in grammars:
        if keys := grammar.keys_in(text):
            raise DocumentError(
                f"the {grammar.noun} {keys[0]} is outside every table",
                remedy="A row would be lost: check the document",
            )


def _is_in_a_table(element: etree._Element) -> bool:
    return next(element.iterancestors(*markup.TABLE_TAGS), None) is not None


def _read_table(
    table: etree._Element,
    package: Package,
    reader: CellReader,
    size: Size,
    above: Above,
    headings: Headings,
) -> tuple[Table, Above]:
    """The rows of a table, and its last row for the table below."""
    edges = grid_edges(table)
    rows: Table = []
    for row, _ in _elements(table, "tr", reader):
        properties = child(row, "trPr")
        is_deleted = _is_deleted(properties)
        if package.merges_cells or _omits_columns(properties):
            cells = placed_cells(cells_of_a_row(_cells(row, properties, reader)), edges)
            if not rows:
                above = above.in_other_table([cell.end for cell in cells])
            merged = below_deleted if is_deleted else merged_row
            above = merged(cells, above, headings)
        elif not is_deleted:
            texts = tuple(cells_of_a_row(_texts(row, reader)))
            above = Above.of(CellRow(texts, ends_of(edges, len(texts))))
        if not is_deleted:
            size.add(above.row.texts)
            rows.append(above.row)
    return rows, above


def _elements(
    parent: etree._Element, wanted: str, reader: CellReader
) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table or the cells of a row, and whether each only shows a prompt."""
    for element in parent:
        kind = KINDS.get(element.tag)
        if kind == wanted:
            yield element, False
        elif kind == markup.WRAPPER:
            yield from _elements(element, wanted, reader)
        elif kind == markup.ALTERNATE:
            yield from _elements(markup.chosen_branch(element), wanted, reader)
        elif kind == "sdt":
            is_prompt = markup.is_placeholder(element)
            for content in children(element, "sdtContent"):
                for found, was_prompt in _elements(content, wanted, reader):
                    yield found, is_prompt or was_prompt
        elif kind != markup.IGNORED:
            markup.refuse_unknown(element, reader.ignorable)


def _is_deleted(properties: etree._Element | None) -> bool:
    return properties is not None and child(properties, "del") is not None


def _omits_columns(properties: etree._Element | None) -> bool:
    return properties is not None and any(
        child(properties, name) is not None for name in ("gridBefore", "gridAfter")
    )


def _texts(row: etree._Element, reader: CellReader) -> Iterator[str]:
    for element, is_prompt in _elements(row, "tc", reader):
        yield "" if is_prompt else _on_one_line(reader.read(element))


def _on_one_line(shown: str) -> str:
    return join_lines(shown) if "\n" in shown else shown.strip()


def _cells(
    row: etree._Element, properties: etree._Element | None, reader: CellReader
) -> Iterator[Cell]:
    """The cells of a row. Grid columns that it leaves out at its ends are empty cells."""
    if before := _omitted(properties, "gridBefore"):
        yield Cell("", before)
    for element, is_prompt in _elements(row, "tc", reader):
        yield with_merges(element, Cell("" if is_prompt else _on_one_line(reader.read(element))))
    if after := _omitted(properties, "gridAfter"):
        yield Cell("", after)


def _omitted(properties: etree._Element | None, name: str) -> int:
    """The number of grid columns that a row leaves out at one of its ends."""
    omitted = None if properties is None else child(properties, name)
    return 0 if omitted is None else columns_of(omitted, least=0)
