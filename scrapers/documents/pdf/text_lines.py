"""Lines of text outside the tables: page numbers, titles, signatures and possible rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scrapers.documents.headings import Headings
from scrapers.documents.pdf.marks import Box, Glyph
from scrapers.documents.pdf.page import PageContent, PageTable
from scrapers.documents.pdf.texts import line_text, lines_of, squeezed
from scrapers.documents.titles import is_title as names_layout
from scrapers.fields.text_keys import matching_key

_DIGITS = "[0-9]{1,4}"
_ORDINAL = "[0-9一二三四五六七八九十百]{1,5}"
_DASHES = "[-—–―─_一~·•.|]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}(?:{_DIGITS}|{_DIGITS}(?:/|of){_DIGITS}|(?:page|p\.?){_DIGITS}(?:(?:/|of){_DIGITS})?"
    rf"|(?:第{_ORDINAL}页|{_DIGITS}页)[,，/、(]?(?:共{_ORDINAL}页)?\)?){_DASHES}",
    re.IGNORECASE,
)
# A gap wider than this share of the size separates two pieces of a line.
_PIECE_GAP = 1.0
# A line looks like a row if its pieces lie in this many columns, or if this many pieces are
# aligned with the text of cells.
_COLUMNS_OF_A_ROW, _ALIGNED_PIECES_OF_A_ROW = 3, 2
# A line within this share of its size from a table may continue the nearest row.
_NEXT_LINE = 1.0
_ALIGNED = 2.0  # points
# A title page has at most this many lines, and some are this much larger than the table's text.
_MOST_LINES_OF_A_TITLE, _LARGER = 4, 1.25
_SAME_PLACE = 4.0  # points, for lines that repeat on several pages


@dataclass(frozen=True)
class Line:
    """A line of text outside the tables."""

    glyphs: list[Glyph]

    @cached_property
    def text(self) -> str:
        return squeezed(line_text(self.glyphs))

    @cached_property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def base(self) -> float:
        return self.glyphs[0].base

    @cached_property
    def pieces(self) -> list[Box]:
        """The parts of the line between wide gaps."""
        pieces: list[Box] = []
        for glyph in self.glyphs:
            if glyph.is_blank:
                continue
            if pieces and glyph.x0 - pieces[-1].x1 <= _PIECE_GAP * glyph.size:
                pieces[-1] = pieces[-1]._replace(x1=max(pieces[-1].x1, glyph.x1))
            else:
                pieces.append(Box(glyph.x0, glyph.top, glyph.x1, glyph.bottom))
        return pieces

    @property
    def position(self) -> tuple[str, int, int]:
        """The text without its digits, and the rounded position: equal for running headers."""
        text = re.sub("[0-9]+", "#", matching_key(self.text))
        return text, round(self.glyphs[0].x0 / _SAME_PLACE), round(self.base / _SAME_PLACE)


def lines_on(page: PageContent) -> list[Line]:
    """Return the lines of a page that are in no cell, from the top."""
    lines = (Line(line) for line in lines_of(page.outside))
    return [line for line in lines if line.text]


def is_header_or_footer(
    line: Line, page: PageContent, repeated: Counter[tuple[str, int, int]]
) -> bool:
    """Whether a line is a page number, or repeats in the same position on several pages."""
    key = matching_key(line.text)
    is_page_number = bool(_PAGE_NUMBER.fullmatch(key))
    if is_page_number and not key.isdecimal():
        return True
    # Bare digits may be the end of a filing number.
    return (is_page_number or repeated[line.position] > 1) and not _belongs_to_row(
        line, page.tables
    )


def is_title(line: Line, page: PageContent, first_page: int, headings: Headings) -> bool:
    """Whether a line is above the first table, or above a later table that has headings.

    A line that names a layout is also a title above a later table without headings.
    """
    if any(table.ruled.box.top < line.base < table.ruled.box.bottom for table in page.tables):
        return False
    below = next((table for table in page.tables if table.ruled.box.top >= line.base), None)
    if below is None or _is_laid_out_as_row(line, below):
        return False
    if page.number == first_page and below is page.tables[0]:
        return True
    is_headed = any(headings.is_heading_row(row.cell_row) for row in below.rows[:2])
    is_named = names_layout(line.text, headings)
    # The title of a table is close to its headings, and may begin where they do.
    others = [table for table in page.tables if not (is_named and is_headed and table is below)]
    return (is_headed or is_named) and not _belongs_to_row(line, others)


def is_title_before_page(
    line: Line, page: PageContent, next_page: PageContent | None, headings: Headings
) -> bool:
    """Whether a line below the last table names the layout of the headed table on the next page."""
    if next_page is None or not next_page.tables or _belongs_to_row(line, page.tables):
        return False
    is_below = all(table.ruled.box.bottom <= line.base for table in page.tables)
    rows = next_page.tables[0].rows[:2]
    is_headed = any(headings.is_heading_row(row.cell_row) for row in rows)
    return is_below and is_headed and names_layout(line.text, headings)


def is_title_page(lines: Sequence[Line], table: PageTable) -> bool:
    """Whether the lines of a page before the first table are only a title.

    They are few, at least one is larger than the table's text, and none looks like a row.
    """
    return (
        len(lines) <= _MOST_LINES_OF_A_TITLE
        and any(line.size >= _LARGER * table.size for line in lines)
        and not any(_is_laid_out_as_row(line, table) for line in lines)
    )


def is_signature(line: Line, page: PageContent, last_page: int) -> bool:
    """Whether a line is below the last table and is not aligned with its cells."""
    return (
        page.number == last_page
        and all(table.ruled.box.bottom <= line.base for table in page.tables)
        and not _belongs_to_row(line, page.tables)
    )


def _belongs_to_row(line: Line, tables: Sequence[PageTable]) -> bool:
    return any(_is_laid_out_as_row(line, table) or _continues(line, table) for table in tables)


def _is_laid_out_as_row(line: Line, table: PageTable) -> bool:
    """Whether the pieces of a line lie in several columns, or two align with cell texts."""
    columns = list(zip(table.ruled.xs, table.ruled.xs[1:], strict=False))
    within = [
        [number for number, (x0, x1) in enumerate(columns) if _lies_within(piece, x0, x1)]
        for piece in line.pieces
    ]
    if all(within) and len({found[0] for found in within}) >= _COLUMNS_OF_A_ROW:
        return True
    aligned = sum(_is_aligned(piece, table.last_texts) for piece in line.pieces)
    return aligned >= _ALIGNED_PIECES_OF_A_ROW


def _continues(line: Line, table: PageTable) -> bool:
    """Whether a line next to a table is aligned with the text of an adjacent cell."""
    box, top = table.ruled.box, line.base - line.size
    gap = max(top - box.bottom, box.top - line.base)
    if gap > _NEXT_LINE * line.size:
        return False
    neighbours = table.last_texts if line.base > box.bottom else table.first_texts
    return any(_is_aligned(piece, neighbours) for piece in line.pieces)


def _is_aligned(piece: Box, texts: Sequence[tuple[Box, Box]]) -> bool:
    """Whether a piece lies in a cell's column and has the alignment of the cell's text."""
    return any(
        _lies_within(piece, cell.x0, cell.x1)
        and (
            abs(piece.x0 - text.x0) <= _ALIGNED
            or abs(_middle(piece) - _middle(cell)) <= _ALIGNED >= abs(_middle(text) - _middle(cell))
        )
        for cell, text in texts
    )


def _lies_within(piece: Box, x0: float, x1: float) -> bool:
    return x0 - _ALIGNED <= piece.x0 and piece.x1 <= x1 + _ALIGNED


def _middle(box: Box) -> float:
    return (box.x0 + box.x1) / 2
