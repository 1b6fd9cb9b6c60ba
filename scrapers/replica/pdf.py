"""Ruled PDF tables in the layout of the source: cancellation notices and filing lists.

reportlab uses the built-in CID font STSong-Light, so no font file is needed, and with `invariant`
the bytes are stable. It is imported on first use, because most callers build no PDF. A row that
does not fit is split at the end of the page, and continues on the next page with an empty first
cell. Lines break anywhere except next to a space or, if possible, inside a Latin word, so joining
the lines of a cell restores the exact text.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from scrapers.replica.facts import CancellationFact, FilingFact
from scrapers.replica.wording import ROLES, list_title, printed_number, purpose

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_FONT, _SIZE, _LEADING, _PADDING = "STSong-Light", 9.0, 12.0, 3.0  # points
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 842.0, 595.0, 36.0  # A4 landscape, points
_TITLE_ROOM = 30.0  # points above the table on the first page
_CANCELLATION_WIDTHS = (32.0, 110.0, 72.0, 110.0, 130.0, 150.0, 100.0, 60.0)
_LIST_WIDTHS = (32.0, 110.0, 72.0, 110.0, 140.0, 150.0, 95.0, 60.0)
# Characters that the CID font lacks and Helvetica has. In WinAnsi, "•" has no extractable code.
_LATIN_SIGNS, _LATIN_FONT = frozenset("®·œ•"), "HelveticaMacRoman"

Row = tuple[tuple[str, ...], ...]  # cells of lines


def cancellation_pdf(rows: Sequence[CancellationFact], filings: Mapping[str, FilingFact]) -> bytes:
    """One cancellation notice; its purposes come from `filings`, by filing number."""
    heading = [
        "序号",
        "算法名称",
        "角色",
        "主体名称",
        "应用产品",
        "主要用途",
        "备案编号",
        "注销时间",
    ]
    cells = [
        [
            str(position),
            row.algorithm_name,
            row.role,
            row.entity_name,
            row.products,
            purpose(filings[row.filing_number]) if row.filing_number in filings else "见原备案。",
            printed_number(row.filing_number),
            row.cancelled_month,
        ]
        for position, row in enumerate(rows, 1)
    ]
    return _table_pdf("注销备案编号的算法清单", [heading, *cells], _CANCELLATION_WIDTHS)


def list_pdf(list_month: str, rows: Sequence[FilingFact]) -> bytes:
    """A filing list as PDF with printed positions, which the source may serve as a .docx file."""
    heading = ["序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]
    cells = [
        [
            row.position or str(position),
            row.algorithm_name,
            ROLES[row.role],
            row.entity_name,
            row.products,
            purpose(row),
            printed_number(row.filing_number),
            row.note,
        ]
        for position, row in enumerate(rows, 1)
    ]
    return _table_pdf(list_title(list_month), [heading, *cells], _LIST_WIDTHS)


def _table_pdf(title: str, cells: Sequence[Sequence[str]], widths: Sequence[float]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(_PAGE_WIDTH, _PAGE_HEIGHT), invariant=1)
    canvas.setTitle(title)
    rows = [
        tuple(tuple(_wrap(text, width)) for text, width in zip(row, widths, strict=True))
        for row in cells
    ]
    top = _PAGE_HEIGHT - _MARGIN - _TITLE_ROOM
    _draw_line(canvas, title, _MARGIN, top + _LEADING)
    for page in _pages(rows):
        for row in page:
            top = _draw_row(canvas, row, widths, top)
        canvas.showPage()
        top = _PAGE_HEIGHT - _MARGIN
    canvas.save()
    return buffer.getvalue()


def _height(row: Row) -> float:
    return max(len(lines) for lines in row) * _LEADING + 2 * _PADDING


def _pages(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows by page, split at the end of each page."""
    page: list[Row] = []
    room = _PAGE_HEIGHT - 2 * _MARGIN - _TITLE_ROOM
    waiting = list(reversed(rows))
    while waiting:
        row = waiting.pop()
        fitting = int((room - 2 * _PADDING) // _LEADING)
        if _height(row) <= room:
            page.append(row)
            room -= _height(row)
            continue
        if fitting > 0:
            page.append(tuple(lines[:fitting] for lines in row))
            row = tuple(lines[fitting:] for lines in row)
        waiting.append(row)
        yield page
        page, room = [], _PAGE_HEIGHT - 2 * _MARGIN
    yield page


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
