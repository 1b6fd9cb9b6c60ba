"""The tables of a .docx document, read with lxml straight out of the zip.

Hardened against what a hostile document can do: entities and DTDs are refused, and so is a zip
that unpacks to more than a list can be. Speed is why this is not python-docx.
"""

import io
import zipfile
import zlib

from lxml import etree

from scrapers.documents.grid import Cell, GridRow, Table, join_lines
from scrapers.errors import DocumentError, TableError

MAIN_PART = "word/document.xml"
MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 128 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY, _TABLE, _ROW, _CELL = f"{_W}body", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_CELL_PROPERTIES, _SPAN, _MERGE, _VALUE = (
    f"{_W}tcPr",
    f"{_W}gridSpan",
    f"{_W}vMerge",
    f"{_W}val",
)
_PARAGRAPH, _TEXT, _TAB = f"{_W}p", f"{_W}t", f"{_W}tab"
_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
# Wrappers that may stand around tables, rows, cells or paragraphs without being any of them.
_WRAPPERS = frozenset(
    {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"}
)


def docx_tables(content: bytes) -> list[Table]:
    """Every table of the document's body, in order.

    Raises DocumentError when the zip or its XML is damaged or hostile, TableError for a cell
    that holds a table of its own.
    """
    root = _parse(_main_part(content))
    body = root.find(_BODY)
    if body is None:
        raise DocumentError("a .docx file without a body")
    return [_table(element) for element in _children(body, _TABLE)]


def _main_part(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise DocumentError(f"a zip of over {MAX_MEMBERS:,} members")
            # The declared size can lie, so the reading itself is bounded too.
            with archive.open(MAIN_PART) as part:
                xml = part.read(MAX_UNPACKED_BYTES + 1)
    except KeyError as error:
        raise DocumentError(f"a zip without {MAIN_PART}: no .docx file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DocumentError(f"a damaged .docx file ({error})") from error
    if len(xml) > MAX_UNPACKED_BYTES:
        raise DocumentError(f"a .docx file that unpacks to over {MAX_UNPACKED_BYTES:,} bytes")
    return xml


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"a .docx file with broken XML ({error})") from error
    if root.getroottree().docinfo.doctype:
        raise DocumentError(
            "a .docx file with a document type declaration, which Word never writes"
        )
    return root


def _children(element: etree._Element, tag: str) -> list[etree._Element]:
    """The children of one tag, also those inside wrappers (content controls, insertions)."""
    found = []
    for child in element:
        if child.tag == tag:
            found.append(child)
        elif child.tag in _WRAPPERS:
            found.extend(_children(child, tag))
    return found


def _table(table: etree._Element) -> Table:
    rows: Table = []
    for element in _children(table, _ROW):
        rows.append(_row(element, rows[-1] if rows else ()))
    return rows


def _row(row: etree._Element, above: GridRow) -> GridRow:
    cells, start = [], 0
    for element in _children(row, _CELL):
        span, continues = _properties(element)
        end = start + span
        # A cell merged downwards says the same in every row it covers.
        text = _text_at(above, start) if continues else _text(element)
        cells.append(Cell(text, start, end))
        start = end
    return tuple(cells)


def _properties(cell: etree._Element) -> tuple[int, bool]:
    """The number of grid columns, and whether the cell continues the one above it."""
    properties = cell.find(_CELL_PROPERTIES)
    if properties is None:
        return 1, False
    span, merge = properties.find(_SPAN), properties.find(_MERGE)
    continues = merge is not None and merge.get(_VALUE) != "restart"
    if span is None:
        return 1, continues
    columns = span.get(_VALUE, "1")
    if not columns.isdecimal() or int(columns) < 1:
        raise DocumentError(f"a .docx file with a cell over {columns!r} grid columns")
    return int(columns), continues


def _text_at(row: GridRow, start: int) -> str:
    return next((cell.text for cell in row if cell.start == start), "")


def _text(cell: etree._Element) -> str:
    paragraphs = []
    for paragraph in _children(cell, _PARAGRAPH):
        parts = []
        for element in paragraph.iter():
            if element.tag == _TEXT:
                parts.append(element.text or "")
            elif element.tag == _TAB and element.getparent().tag != f"{_W}tabs":
                parts.append(" ")
            elif element.tag in _BREAKS:
                parts.append("\n")
        paragraphs.append("".join(parts))
    if cell.find(_TABLE) is not None:
        raise TableError("a table inside a table's cell", remedy="Its rows cannot be told apart")
    return join_lines("\n".join(paragraphs), between_words=" ")
