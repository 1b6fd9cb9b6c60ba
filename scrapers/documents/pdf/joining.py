"""The tables of all pages → the document's: headings once, and rows over a page's end whole."""

from collections.abc import Sequence
from itertools import islice

from scrapers.documents.cells import Table, are_same_edge, are_same_edges, shown_row
from scrapers.documents.headings import Headings
from scrapers.documents.pdf.page import PageContent, PageRow
from scrapers.documents.pdf.split_rows import (
    Columns,
    PageBreak,
    joined_row,
    page_break_between,
    refuse_incomplete_row,
)
from scrapers.errors import DocumentError, on_page
from scrapers.fields.text_keys import matching_key

# So many rows above the headings may be printed again on each page with them.
MAX_TITLES = 10


def joined_pages(pages: Sequence[PageContent], headings: Headings) -> list[Table]:
    """The rows of the document, in one table for as long as its columns stay the same.

    Raises DocumentError, with the page, for a piece of a row that cannot be placed.
    """
    joining = _TableJoiner(headings)
    for page in pages:
        with on_page(page.number):
            is_first = True
            for table in page.tables:
                rows = [row for row in table.rows if any(map(str.strip, row.texts))]
                is_first = not joining.add(rows, is_first) and is_first
    return joining.tables()


class _TableJoiner:
    """Takes the tables of page after page."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._tables: list[list[PageRow]] = []
        self._columns: Columns | None = None
        # The rows of headings of the last table's layout, with the titles above the first one.
        self._heads: list[list[PageRow]] = []

    def add(self, rows: list[PageRow], is_first_on_page: bool) -> bool:
        """Go on by the rows of another table; whether there were any but headings again.

        Raises DocumentError for a piece of a row without a place.
        """
        rows = rows[self._repeated_head(rows) :]
        if rows:
            rows = [self._without_heads(rows[0]), *rows[1:]]
        if not rows:
            return False
        if is_first_on_page and self._tables and self._columns:
            rows = self._continued(self._tables[-1], rows, self._columns)
        if rows:
            self._append(rows)
        return True

    def _append(self, rows: list[PageRow]) -> None:
        for number, row in enumerate(rows):
            if self._headings.are_in(row.cell_row):
                # Above later headings there may be rows of the table before.
                titles = [] if self._columns else rows[max(0, number - MAX_TITLES) : number]
                columns = Columns.of(row.cell_row, self._headings)
                if self._columns and self._columns.layout != columns.layout:
                    self._heads = []
                self._heads.append([*titles, row])
                self._columns = columns
        if self._tables and _have_same_edges(self._tables[-1], rows):
            self._tables[-1] += rows
        else:
            self._tables.append(rows)

    def tables(self) -> list[Table]:
        """The tables of the document. Raises DocumentError where a row is left in pieces."""
        columns: Columns | None = None
        for row in (row for rows in self._tables for row in rows):
            if self._headings.are_in(row.cell_row):
                columns = Columns.of(row.cell_row, self._headings)
            elif columns:
                with on_page(row.page):
                    refuse_incomplete_row(row, columns)
        return [[row.cell_row for row in rows] for rows in self._tables if rows]

    def _repeated_head(self, rows: Sequence[PageRow]) -> int:
        """How many of the first rows print the document's headings, and a title, again."""
        for whole in self._heads:
            for start in range(len(whole)):
                head = whole[start:]
                if len(rows) >= len(head) and all(map(_are_same_heading, head, rows)):
                    return len(head)
        return 0

    def _without_heads(self, row: PageRow) -> PageRow:
        for head in self._heads:
            row = _without_heading(row, head[-1])
        return row

    def _continued(
        self, table: list[PageRow], rows: list[PageRow], columns: Columns
    ) -> list[PageRow]:
        """The rows of a page less what belongs to the last row of the page before."""
        above, below = table[-1], rows[0]
        if any(self._headings.are_in(row.cell_row) for row in (above, below)):
            return rows
        cut = page_break_between(above, below, columns)
        if cut is PageBreak.UNCLEAR:
            raise DocumentError(
                "its first row may be a new one or the rest of the last one: "
                f"{shown_row(below.texts)}"
            )
        if cut is PageBreak.WITHIN_ROW:
            table[-1] = joined_row(above, below)
            return _with_merged_cells(table[-1], rows)[1:]
        _refuse_unclear_merges(above, below)
        return _with_merged_cells(above, rows)


def _with_merged_cells(above: PageRow, rows: Sequence[PageRow]) -> list[PageRow]:
    """The rows of a page, where a cell merged over the page's end says the same on both sides.

    Only its first half has the text; the second is an empty cell over several rows.
    """
    first = rows[0]
    if max(first.spans) == 1 or not are_same_edges(above.ends, first.ends):
        return list(rows)
    filled = list(rows)
    for cell, (text, span) in enumerate(zip(first.texts, first.spans, strict=True)):
        if span > 1 and not text.strip():
            for number, row in enumerate(filled[:span]):
                place = _cell_ending_at(row, first.ends[cell])
                if place is not None and not row.texts[place].strip():
                    texts = list(row.texts)
                    texts[place] = above.texts[cell]
                    filled[number] = row._replace(texts=tuple(texts))
    return filled


def _refuse_unclear_merges(above: PageRow, below: PageRow) -> None:
    """Stop where only one side of a page's end shows that a cell is merged over it."""
    for end, text, span in zip(above.ends, above.texts, above.spans, strict=True):
        place = _cell_ending_at(below, end)
        if span == 1 or place is None:
            continue
        has_text_above, has_text_below = bool(text.strip()), bool(below.texts[place].strip())
        is_single_below = below.spans[place] == 1
        if has_text_above != has_text_below and (has_text_below or is_single_below):
            raise DocumentError(
                f"a merged cell may go on over the page's end, above {shown_row(below.texts)}",
                remedy="Look at the page: nothing shows whether the cell is empty or merged",
            )


def _have_same_edges(rows: Sequence[PageRow], others: Sequence[PageRow]) -> bool:
    """Whether two pieces of a table have the same columns, judged by their rows of most cells."""
    widest, other = (max(piece, key=lambda row: len(row.ends)) for piece in (rows, others))
    return are_same_edges(widest.ends, other.ends)


def _are_same_heading(head: PageRow, row: PageRow) -> bool:
    return are_same_edges(head.ends, row.ends) and all(
        matching_key(a) == matching_key(b) for a, b in zip(head.texts, row.texts, strict=True)
    )


def _without_heading(row: PageRow, heading: PageRow) -> PageRow:
    """A page's first row without the headings that are printed again in its cells.

    Some writers draw no line between headings that they repeat and the rest of a row.
    """
    if row is heading or not are_same_edges(row.ends, heading.ends):
        return row
    texts = [
        _without_start(text, start) for text, start in zip(row.texts, heading.texts, strict=True)
    ]
    if None in texts or not any(texts):
        return row
    return row._replace(texts=tuple(text or "" for text in texts))


def _without_start(text: str, start: str) -> str | None:
    """The text behind one that it begins with, None where it does not."""
    key = matching_key(start)
    if not matching_key(text).startswith(key):
        return None
    # The start has no more characters than its key, but for blanks, of any number, and accents.
    characters = (place for place, character in enumerate(text, 1) if not character.isspace())
    places = (0, *islice(characters, 2 * len(key) + 8))
    cut = next((place for place in places if matching_key(text[:place]) == key), None)
    return None if cut is None else text[cut:].lstrip()


def _cell_ending_at(row: PageRow, end: int) -> int | None:
    places = (place for place, other in enumerate(row.ends) if are_same_edge(end, other))
    return next(places, None)
