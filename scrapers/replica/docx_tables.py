"""Word documents with tables, as plain WordprocessingML in a zip with fixed timestamps.

The same content always gives the same bytes, much faster than with a general-purpose library.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import starmap
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scrapers.replica.docx_parts import FIXED_PARTS, document

# Word merges adjacent tables, so they are separated by an empty paragraph.
EMPTY_PARAGRAPH = "<w:p/>"
# A paragraph without text that Word numbers.
NUMBERED_PARAGRAPH = (
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
)
REPEATED_ROW = "<w:trPr><w:tblHeader/></w:trPr>"  # on each page that the table runs over
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)


def run(text: str) -> str:
    """A run of text, or nothing if there is none."""
    # Word drops spaces at the ends of a run unless they are preserved.
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:r><w:t{keep}>{escape(text)}</w:t></w:r>" if text else ""


def paragraph(*texts: str, properties: str = "") -> str:
    """A paragraph with a run for each text."""
    return f"<w:p>{properties}{''.join(map(run, texts))}</w:p>"


def cell(content: str, width: int, properties: str = "") -> str:
    """A cell of paragraphs; `width` is in twentieths of a point."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def row(cells: Iterable[str], properties: str = "") -> str:
    """A row of cells."""
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def plain_row(paragraphs: Sequence[str], widths: Sequence[int], properties: str = "") -> str:
    """A row of one cell for each content and width. Raises ValueError if their counts differ."""
    return row(starmap(cell, zip(paragraphs, widths, strict=True)), properties)


def table(rows: Iterable[str], widths: Sequence[int]) -> str:
    """A ruled table; `widths` of its grid columns are in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def docx_bytes(blocks: Sequence[str]) -> bytes:
    """A .docx file of paragraphs and tables."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in {**FIXED_PARTS, "word/document.xml": document(blocks)}.items():
            info = ZipInfo(name, date_time=_ZIP_TIME)
            info.compress_type, info.create_system = ZIP_DEFLATED, 0
            archive.writestr(info, text.encode())
    return buffer.getvalue()
