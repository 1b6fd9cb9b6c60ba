"""Reads one page: the rows of its tables, and the text outside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pdfplumber.page import Page

from scrapers.documents.cells import CellRow
from scrapers.documents.headings import Headings
from scrapers.documents.legible import illegible_characters, shown_characters
from scrapers.documents.pdf.layout import page_layout
from scrapers.documents.pdf.marks import Box, Glyph, Marks
from scrapers.documents.pdf.overflow import refuse_overflowing_text
from scrapers.documents.pdf.ruling import RuledTable
from scrapers.documents.pdf.texts import squeezed, text_of
from scrapers.errors import DocumentError, shortened

TWIPS = 20  # per point


class PageRow(NamedTuple):
    """A row of a page.

    `texts` keep trailing white space. `ends` are the right edges of the cells, in twips from the
    left edge of the table. `spans` are the numbers of rows that the cells cover.
    """

    page: int
    texts: tuple[str, ...]
    ends: tuple[int, ...]
    spans: tuple[int, ...]

    @property
    def cell_row(self) -> CellRow:
        return CellRow(tuple(map(squeezed, self.texts)), self.ends)


@dataclass(frozen=True)
class PageTable:
    """One table of a page.

    `first_texts` and `last_texts` hold the non-empty cells of the first and the last row, each with
    the box of its text. `size` is the commonest font size.
    """

    ruled: RuledTable
    rows: list[PageRow]
    first_texts: list[tuple[Box, Box]]
    last_texts: list[tuple[Box, Box]]
    size: float


@dataclass(frozen=True)
class PageContent:
    """The content of a page.

    `outside`, `rotated_outside` and `excluded` are those of PageLayout. `annotations` are the texts
    of comments and form fields. `curves` counts the shapes with curved outlines.
    """

    number: int
    box: Box
    tables: list[PageTable]
    outside: list[Glyph]
    rotated_outside: list[Glyph]
    excluded: list[Glyph]
    annotations: list[str]
    pictures: list[Box]
    curves: int


def read_page(page: Page, marks: Marks, headings: Headings) -> PageContent:
    """Read a page from its marks.

    Raises DocumentError for a cell with unreadable or ambiguous text, and for more lines, rows or
    text than a list has.
    """
    layout = page_layout(page, marks)
    return PageContent(
        number=page.page_number,
        box=Box(0, 0, layout.page.width, layout.page.height),
        tables=[
            _page_table(table, glyphs, page.page_number, headings)
            for table, glyphs in zip(layout.tables, layout.cells, strict=True)
        ],
        outside=layout.outside,
        rotated_outside=layout.rotated_outside,
        excluded=layout.excluded,
        annotations=[annotation.text for annotation in layout.page.annotations],
        pictures=layout.page.pictures,
        curves=layout.page.curves,
    )


def _page_table(
    table: RuledTable, glyphs: Mapping[int, list[Glyph]], page: int, headings: Headings
) -> PageTable:
    refuse_overflowing_text(table, glyphs)
    texts = {cell: _box_of(found) for cell, found in glyphs.items()}
    first, last = (
        [(table.cells[cell], texts[cell]) for cell in table.rows[row] if cell in texts]
        for row in (0, -1)
    )
    sizes = Counter(round(glyph.size, 1) for found in glyphs.values() for glyph in found)
    size = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    return PageTable(table, _rows(table, glyphs, page, headings), first, last, size)


def _box_of(glyphs: Sequence[Glyph]) -> Box:
    return Box(
        min(glyph.x0 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def _rows(
    table: RuledTable, glyphs: Mapping[int, list[Glyph]], page: int, headings: Headings
) -> list[PageRow]:
    """Return the rows of a table. A cell merged downwards repeats its text in every row."""
    texts = [text_of(glyphs.get(cell, ())) for cell in range(len(table.cells))]
    left = table.box.x0
    headed: set[int] = set()
    rows: list[PageRow] = []
    for row, members in enumerate(table.rows):
        spans = tuple(len(table.rows_of_cells[cell]) for cell in members)
        if members and 1 not in spans:
            raise DocumentError(
                f"the cells of a table do not form rows: {_shown(texts, members)!r}"
            )
        # A heading merged down into a row adds no text to the row.
        below_heading = {cell for cell in members if table.rows_of_cells[cell].start in headed}
        found = PageRow(
            page,
            tuple("" if cell in below_heading else texts[cell] for cell in members),
            tuple(round(TWIPS * (table.cells[cell].x1 - left)) for cell in members),
            spans,
        )
        _refuse_illegible(found, row + 1)
        if headings.is_heading_row(found.cell_row):
            headed.add(row)
        rows.append(found)
    return rows


def _refuse_illegible(row: PageRow, number: int) -> None:
    for text in row.texts:
        glyphs = illegible_characters(text)
        if glyphs:
            raise DocumentError(
                f"row {number} of a table has unreadable characters: {shown_characters(glyphs)}",
                remedy="The fonts of the document do not identify these characters. "
                "Ask for the document as .docx, or enter the text by hand from the page",
            )


def _shown(texts: Sequence[str], members: Sequence[int]) -> str:
    return shortened(" | ".join(texts[cell] for cell in members))
