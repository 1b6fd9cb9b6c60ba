"""PDF documents of ruled tables, which run over pages.

reportlab uses the built-in CID font STSong-Light, so no font file is needed, and with `invariant`
the bytes are stable. It is imported on first use, because most callers build no PDF. A row that
does not fit is split at the end of the page, and continues on the next page with an empty first
cell. Lines break anywhere except next to a space or, if possible, inside a Latin word, so joining
the lines of a cell restores the exact text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

LANDSCAPE, PORTRAIT = (842.0, 595.0), (595.0, 842.0)  # A4, points
_FONT, _SIZE, _LEADING, _PADDING = "STSong-Light", 9.0, 12.0, 3.0  # points
_MARGIN = 36.0
_TITLE_ROOM = 30.0  # points above a table
# Characters that the CID font lacks and Helvetica has. In WinAnsi, "•" has no extractable code.
_LATIN_SIGNS, _LATIN_FONT = frozenset("®·œ•"), "HelveticaMacRoman"

Row = tuple[tuple[str, ...], ...]  # cells of lines


@dataclass(frozen=True)
class PdfTable:
    """A table below its title: rows of cells, of which the first is the heading.

    `widths` of the columns are in points. `repeats_heading` repeats the heading on each page.
    """

    title: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    repeats_heading: bool = False


def table_pdf(tables: Sequence[PdfTable], page_size: tuple[float, float] = LANDSCAPE) -> bytes:
    """A PDF of tables one below the other; `page_size` is width and height in points."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=page_size, invariant=1)
    canvas.setTitle(tables[0].title)
    page_top = page_size[1] - _MARGIN
    top = page_top
    for table in tables:
        top = _draw_table(canvas, table, top, page_top)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_table(canvas: "Canvas", table: PdfTable, top: float, page_top: float) -> float:
    """Draw a table below `top`, on as many pages as it needs; returns the end of its last row."""
    waiting = [
        tuple(tuple(_wrap(text, width)) for text, width in zip(cells, table.widths, strict=True))
        for cells in reversed(table.rows)
    ]
    heading = waiting[-1]
    # The title stays on one page with the heading and the first row.
    needed = _TITLE_ROOM + sum(map(_height, waiting[-2:]))
    if top < page_top and top - needed < _MARGIN:
        canvas.showPage()
        top = page_top
    top -= _TITLE_ROOM
    _draw_line(canvas, table.title, _MARGIN, top + _LEADING)
    while waiting:
        row, room = waiting.pop(), top - _MARGIN
        if _height(row) <= room:
            top = _draw_row(canvas, row, table.widths, top)
            continue
        fitting = int((room - 2 * _PADDING) // _LEADING)
        if fitting > 0:
            _draw_row(canvas, tuple(lines[:fitting] for lines in row), table.widths, top)
            row = tuple(lines[fitting:] for lines in row)
        waiting.append(row)
        canvas.showPage()
        top = page_top
        if table.repeats_heading:
            top = _draw_row(canvas, heading, table.widths, top)
    return top


def _height(row: Row) -> float:
    return max(len(lines) for lines in row) * _LEADING + 2 * _PADDING


def _draw_row(canvas: "Canvas", row: Row, widths: Sequence[float], top: float) -> float:
    """Draw one ruled row below `top`; returns the top of the next one."""
    height, left = _height(row), _MARGIN
    for lines, width in zip(row, widths, strict=True):
        canvas.rect(left, top - height, width, height)
        for number, line in enumerate(lines, 1):
            _draw_line(canvas, line, left + _PADDING, top - number * _LEADING)
        left += width
    return top - height


def _draw_line(canvas: "Canvas", line: str, left: float, base: float) -> None:
    text = canvas.beginText(left, base)
    for font, letters in groupby(line, key=_font_of):
        text.setFont(font, _SIZE)
        text.textOut("".join(letters))
    canvas.drawText(text)


def _wrap(text: str, width: float) -> list[str]:
    """Lines that fit a cell of `width` points; none starts or ends with a space."""
    lines: list[str] = []
    while text:
        used, fitting = 0.0, 0
        while fitting < len(text) and used <= width - 2 * _PADDING:
            used += _letter_width(text[fitting])
            fitting += 1
        cut = len(text) if used <= width - 2 * _PADDING else _last_break(text, fitting - 1)
        lines.append(text[:cut])
        text = text[cut:]
    return lines


def _last_break(text: str, limit: int) -> int:
    """The last position up to `limit` to break `text`; `limit` for a long word or number."""
    for cut in range(limit, 0, -1):
        before, after = text[cut - 1], text[cut]
        in_word = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        if not (in_word or before.isspace() or after.isspace()):
            return cut
    return limit


def _font_of(letter: str) -> str:
    _register_fonts()
    return _LATIN_FONT if letter in _LATIN_SIGNS else _FONT


@cache
def _letter_width(letter: str) -> float:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.stringWidth(letter, _font_of(letter), _SIZE)


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    pdfmetrics.registerFont(pdfmetrics.Font(_LATIN_FONT, "Helvetica", "MacRomanEncoding"))
