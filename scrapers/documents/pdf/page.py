"""One page → the rows of its tables, and what else is printed on it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pdfplumber.page import Page

from scrapers.documents.cells import CellRow
from scrapers.documents.headings import Headings
from scrapers.documents.legible import illegible_signs, shown_signs
from scrapers.documents.pdf.layout import layout_of
from scrapers.documents.pdf.marks import Box, Marks, Sign
from scrapers.documents.pdf.ruling import Ruled
from scrapers.documents.pdf.spilling import refuse_spilt_text
from scrapers.documents.pdf.texts import squeezed, text_of
from scrapers.errors import DocumentError, shortened

TWIPS = 20  # per point


class PageRow(NamedTuple):
    """A row of a page.

    `texts` keep white space at their end, `ends` are twips from the table's left edge, and `spans`
    count the rows of the page that each cell covers.
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

    `first_texts` and `last_texts` are the cells of its first and last row that say something, each
    with the box of its text; `size` is that of most of its text.
    """

    ruled: Ruled
    rows: list[PageRow]
    first_texts: list[tuple[Box, Box]]
    last_texts: list[tuple[Box, Box]]
    size: float


@dataclass(frozen=True)
class PageContent:
    """What a page says.

    `outside`, `aside` and `kept_out` are as in Layout. `notes` are the texts of comments and form
    fields, and `curves` counts the shapes that are not straight.
    """

    number: int
    box: Box
    tables: list[PageTable]
    outside: list[Sign]
    aside: list[Sign]
    kept_out: list[Sign]
    notes: list[str]
    pictures: list[Box]
    curves: int


def read_page(page: Page, marks: Marks, headings: Headings) -> PageContent:
    """What a page says, of its marks.

    Raises DocumentError for a cell whose text cannot be read, or not told from what lies over it,
    and for more lines, rows or text than a list has.
    """
    layout = layout_of(page, marks)
    return PageContent(
        number=page.page_number,
        box=Box(0, 0, layout.page.width, layout.page.height),
        tables=[
            _page_table(table, signs, page.page_number, headings)
            for table, signs in zip(layout.tables, layout.cells, strict=True)
        ],
        outside=layout.outside,
        aside=layout.aside,
        kept_out=layout.kept_out,
        notes=[note.text for note in layout.page.notes],
        pictures=layout.page.pictures,
        curves=layout.page.curves,
    )


def _page_table(
    table: Ruled, signs: Mapping[int, list[Sign]], page: int, headings: Headings
) -> PageTable:
    refuse_spilt_text(table, signs)
    texts = {cell: _box_of(found) for cell, found in signs.items()}
    first, last = (
        [(table.cells[cell], texts[cell]) for cell in table.rows[row] if cell in texts]
        for row in (0, -1)
    )
    sizes = Counter(round(sign.size, 1) for found in signs.values() for sign in found)
    size = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    return PageTable(table, _rows(table, signs, page, headings), first, last, size)


def _box_of(signs: Sequence[Sign]) -> Box:
    return Box(
        min(sign.x0 for sign in signs),
        min(sign.top for sign in signs),
        max(sign.x1 for sign in signs),
        max(sign.bottom for sign in signs),
    )


def _rows(
    table: Ruled, signs: Mapping[int, list[Sign]], page: int, headings: Headings
) -> list[PageRow]:
    """The rows of a table; a cell merged downwards says the same in every row it covers."""
    texts = [text_of(signs.get(cell, ())) for cell in range(len(table.cells))]
    left = table.box.x0
    headed: set[int] = set()
    rows: list[PageRow] = []
    for row, members in enumerate(table.rows):
        spans = tuple(len(table.rows_of_cells[cell]) for cell in members)
        if members and 1 not in spans:
            raise DocumentError(f"cells that make up no row of a table: {_shown(texts, members)!r}")
        # A heading that reaches down into a row says nothing of that row.
        below_heading = {cell for cell in members if table.rows_of_cells[cell].start in headed}
        found = PageRow(
            page,
            tuple("" if cell in below_heading else texts[cell] for cell in members),
            tuple(round(TWIPS * (table.cells[cell].x1 - left)) for cell in members),
            spans,
        )
        _refuse_illegible(found, row + 1)
        if headings.are_in(found.cell_row):
            headed.add(row)
        rows.append(found)
    return rows


def _refuse_illegible(row: PageRow, number: int) -> None:
    for text in row.texts:
        signs = illegible_signs(text)
        if signs:
            raise DocumentError(
                f"a text without letters in row {number} of a table: {shown_signs(signs)}",
                remedy="The document's fonts do not say which letters these are: "
                "ask for it as .docx, or look at its page and enter the text by hand",
            )


def _shown(texts: Sequence[str], members: Sequence[int]) -> str:
    return shortened(" | ".join(texts[cell] for cell in members))
