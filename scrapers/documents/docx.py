"""The tables of a .docx document, read with lxml straight out of the zip.

Hardened against what a hostile document can do: entities and DTDs are refused, and so is a zip
that unpacks to more than a list can be. Speed is why this is not python-docx.
"""

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from scrapers.documents.grid import UNKNOWN_WIDTH, GridRow, Table, even_ends, join_lines
from scrapers.errors import DocumentError, TableError

MAIN_PART = "word/document.xml"
MAX_MEMBERS = 2_000
# Known lists unpack to some 0.6 MB and 45,000 tags; a parsed tag takes over 100 bytes of memory.
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_TAGS = 2_000_000
MAX_SPAN_DIGITS = 3

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY, _TABLE, _ROW, _CELL = f"{_W}body", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_SPAN, _MERGE, _VALUE = f"{_W}gridSpan", f"{_W}vMerge", f"{_W}val"
_PARAGRAPH, _TEXT, _TAB, _TAB_STOPS = f"{_W}p", f"{_W}t", f"{_W}tab", f"{_W}tabs"
_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
_TABLE_TAGS = (_TABLE, _ROW, _CELL, _PARAGRAPH, _TEXT, _TAB, _SPAN, _MERGE, *_BREAKS)
# All that zipfile lets through when a zip is cut off, encrypted or made up.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,  # and NotImplementedError
)
# Wrappers that may stand around a table without being one.
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
    except _ZIP_ERRORS as error:
        raise DocumentError(f"a damaged .docx file ({error})") from error
    if len(xml) > MAX_UNPACKED_BYTES:
        raise DocumentError(f"a .docx file that unpacks to over {MAX_UNPACKED_BYTES:,} bytes")
    if xml.count(b"<") > MAX_TAGS:
        raise DocumentError(f"a .docx file of over {MAX_TAGS:,} tags")
    return xml


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False
    )
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
    grid: Table = []
    try:
        for row in _rows(table):
            grid.append(_grid_row(row, grid[-1] if grid else GridRow((), ())))
    except IndexError as error:
        raise DocumentError("a .docx file with cells outside rows") from error
    return grid


@dataclass(slots=True)
class _Row:
    """A row as it is met: the text of each cell, and by cell its width and merging."""

    cells: list[str]
    spans: dict[int, int]
    continued: set[int]


def _rows(table: etree._Element) -> list[_Row]:
    """The rows in a single pass over the elements that matter: this loop is the reader's cost."""
    rows: list[_Row] = []
    cells: list[str] = []
    for element in table.iter(*_TABLE_TAGS):
        text = element.text
        if text and not text.isspace():
            # Only a text holds more than white space, and asking for the tag is what costs.
            cells[-1] += text
            continue
        tag = element.tag
        if tag == _PARAGRAPH:
            if cells[-1]:
                cells[-1] += "\n"
        elif tag == _CELL:
            cells.append("")
        elif tag == _ROW:
            cells = []
            rows.append(_Row(cells, {}, set()))
        elif tag == _TEXT:
            cells[-1] += text or ""
        elif tag == _SPAN:
            rows[-1].spans[len(cells) - 1] = _columns(element)
        elif tag == _MERGE:
            if element.get(_VALUE) != "restart":
                rows[-1].continued.add(len(cells) - 1)
        elif tag in _BREAKS:
            cells[-1] += "\n"
        elif tag == _TAB:
            if element.getparent().tag != _TAB_STOPS:
                cells[-1] += " "
        elif element is not table:
            raise TableError(
                "a table inside a table's cell", remedy="Its rows cannot be told apart"
            )
    return rows


def _grid_row(row: _Row, above: GridRow) -> GridRow:
    texts = [
        join_lines(text, between_words=" ") if "\n" in text else text.strip() for text in row.cells
    ]
    ends = even_ends(len(texts))
    if row.spans:
        ends = tuple(
            accumulate(UNKNOWN_WIDTH * row.spans.get(cell, 1) for cell in range(len(texts)))
        )
    # A cell merged downwards says the same in every row it covers.
    for cell in row.continued:
        texts[cell] = dict(zip(above.ends, above.texts, strict=True)).get(ends[cell], "")
    return GridRow(tuple(texts), ends)


def _columns(span: etree._Element) -> int:
    columns = span.get(_VALUE, "1")
    if not columns.isdecimal() or len(columns) > MAX_SPAN_DIGITS or int(columns) < 1:
        raise DocumentError(f"a .docx file with a cell over {columns!r} grid columns")
    return int(columns)
