"""Collects the rows of successive pages, and joins those that a page break splits."""

from collections.abc import Sequence

from scrapers.documents.cells import Table, are_same_edge, are_same_edges, shown_row
from scrapers.documents.headings import Headings
from scrapers.documents.pdf.page import PageRow
from scrapers.documents.pdf.repeated_headings import are_same_heading, without_heading
from scrapers.documents.pdf.split_rows import (
    Columns,
    PageBreak,
    joined_row,
    page_break_between,
    refuse_incomplete_row,
)
from scrapers.documents.titles import is_title
from scrapers.errors import DocumentError, on_page

# At most this many rows above the headings may be repeated with them on each page.
MAX_TITLES = 10


class TableJoiner:
    """Collects the tables of successive pages."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._tables: list[list[PageRow]] = []
        self._columns: Columns | None = None
        # The heading rows of the current layout; the first includes the title rows above it.
        self._heads: list[list[PageRow]] = []

    def add(self, rows: list[PageRow], is_first_on_page: bool) -> bool:
        """Append the rows of a table. Return whether it has rows other than repeated headings.

        Raises DocumentError for part of a row that belongs to no row.
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
            if self._headings.is_heading_row(row.cell_row):
                # Rows above later headings may belong to the previous table.
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
        """Return the tables. Raises DocumentError if a row is incomplete."""
        columns: Columns | None = None
        for row in (row for rows in self._tables for row in rows):
            if self._headings.is_heading_row(row.cell_row):
                columns = Columns.of(row.cell_row, self._headings)
            elif columns:
                with on_page(row.page):
                    refuse_incomplete_row(row, columns)
        return [[row.cell_row for row in rows] for rows in self._tables if rows]

    def _repeated_head(self, rows: Sequence[PageRow]) -> int:
        """Return how many of the first rows repeat the document's headings and titles."""
        for whole in self._heads:
            for start in range(len(whole)):
                head = whole[start:]
                if len(rows) >= len(head) and all(map(are_same_heading, head, rows)):
                    return len(head)
        return 0

    def _is_title_or_heading(self, row: PageRow) -> bool:
        if self._headings.is_heading_row(row.cell_row):
            return True
        return len(row.texts) == 1 and is_title(row.texts[0], self._headings)

    def _without_heads(self, row: PageRow) -> PageRow:
        for head in self._heads:
            row = without_heading(row, head[-1])
        return row

    def _continued(
        self, table: list[PageRow], rows: list[PageRow], columns: Columns
    ) -> list[PageRow]:
        """Return the rows of a page without the rest of the previous page's last row."""
        above, below = table[-1], rows[0]
        if any(map(self._is_title_or_heading, (above, below))):
            return rows
        cut = page_break_between(above, below, columns)
        if cut is PageBreak.UNCLEAR:
            raise DocumentError(
                "the first row of the page may be a new row or the rest of the previous one: "
                f"{shown_row(below.texts)}"
            )
        if cut is PageBreak.WITHIN_ROW:
            table[-1] = joined_row(above, below)
            return _with_merged_cells(table[-1], rows)[1:]
        _refuse_unclear_merges(above, below)
        return _with_merged_cells(above, rows)


def _with_merged_cells(above: PageRow, rows: Sequence[PageRow]) -> list[PageRow]:
    """Fill cells that are merged across a page break.

    Only the upper part has the text; the lower part is an empty cell that spans several rows.
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
    """Raise DocumentError if only one side of a page break suggests a cell merged across it."""
    for end, text, span in zip(above.ends, above.texts, above.spans, strict=True):
        place = _cell_ending_at(below, end)
        if span == 1 or place is None:
            continue
        has_text_above, has_text_below = bool(text.strip()), bool(below.texts[place].strip())
        is_single_below = below.spans[place] == 1
        if has_text_above != has_text_below and (has_text_below or is_single_below):
            raise DocumentError(
                f"a cell may be merged across the page break, above {shown_row(below.texts)}",
                remedy="Check the page: the cell may be empty or merged",
            )


def _cell_ending_at(row: PageRow, end: int) -> int | None:
    places = (place for place, other in enumerate(row.ends) if are_same_edge(end, other))
    return next(places, None)


def _have_same_edges(rows: Sequence[PageRow], others: Sequence[PageRow]) -> bool:
    """Whether two parts have the same columns, compared by the row with the most cells in each."""
    widest, other = (max(piece, key=lambda row: len(row.ends)) for piece in (rows, others))
    return are_same_edges(widest.ends, other.ends)
