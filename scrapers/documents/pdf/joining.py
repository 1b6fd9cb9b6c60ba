"""Joins the tables of all pages: drops repeated headings and joins rows split by a page break."""

from collections.abc import Sequence

from scrapers.documents.cells import Table
from scrapers.documents.headings import Headings
from scrapers.documents.pdf.joiner import TableJoiner
from scrapers.documents.pdf.page import PageContent, PageRow
from scrapers.documents.pdf.repeated_headings import are_same_heading
from scrapers.documents.pdf.split_rows import Columns
from scrapers.documents.pdf.titles import titles_above
from scrapers.documents.titles import title_row, titles_among
from scrapers.errors import on_page
from scrapers.fields.text_keys import matching_key


def joined_pages(pages: Sequence[PageContent], headings: Headings) -> list[Table]:
    """Return the document's tables. Tables of successive pages with the same columns are joined.

    Raises DocumentError, with the page, for part of a row that belongs to no row.
    """
    joining = SeveralLayoutsJoiner(headings) if headings.are_several else TableJoiner(headings)
    titles = titles_above(pages, headings)
    for page in pages:
        with on_page(page.number):
            is_first = True
            for number, table in enumerate(page.tables):
                above = [_title_row(text, page.number) for text in titles[page.number, number]]
                rows = [row for row in table.rows if any(map(str.strip, row.texts))]
                is_first = not joining.add([*above, *rows], is_first) and is_first
    return joining.tables()


class SeveralLayoutsJoiner(TableJoiner):
    """Collects the tables of successive pages if they may have several layouts.

    Each page begins a table, and so does each heading row, because rows of another layout may begin
    there. Repeated headings are dropped only if they cannot begin one: inside a split row, and
    without a title in a list without positions.
    """

    def __init__(self, headings: Headings) -> None:
        super().__init__(headings)
        self._titles: set[str] = set()

    def add(self, rows: list[PageRow], is_first_on_page: bool) -> bool:
        """Append the rows of a table. Return whether it has rows other than titles and headings.

        Raises DocumentError for part of a row that belongs to no row.
        """
        count = self._heads_at_start_of(rows)
        head, body = rows[:count], rows[count:]
        if body and not head:
            body = [self._without_heads(body[0]), *body[1:]]
        above = self._tables[-1][-1] if self._tables else None
        if body and above and self._columns and is_first_on_page and self._may_repeat(head):
            joined = self._continued(self._tables[-1], body, self._columns)
            is_split = len(joined) < len(body)
            if is_split or not self._may_begin_table(head, above, body[0], self._columns):
                head = []
            body = joined
        self._append([*head, *body])
        return count < len(rows)

    def _append(self, rows: list[PageRow]) -> None:
        titles = titles_among([row.cell_row for row in rows], self._headings)
        was_head = False
        for number, row in enumerate(rows):
            is_heading = self._headings.is_heading_row(row.cell_row)
            if is_heading:
                if not self._is_known_heading(row):
                    self._heads.append([row])
                self._columns = Columns.of(row.cell_row, self._headings)
            elif number in titles:
                self._titles.add(matching_key(titles[number]))
            is_head = is_heading or number in titles
            if number and (was_head or not is_head):
                self._tables[-1].append(row)
            else:
                self._tables.append([row])
            was_head = is_head

    def _heads_at_start_of(self, rows: Sequence[PageRow]) -> int:
        """The number of titles and headings that a part of a table begins with."""
        cells = [row.cell_row for row in rows]
        titles = titles_among(cells, self._headings)
        others = (
            number
            for number, row in enumerate(cells)
            if number not in titles and not self._headings.is_heading_row(row)
        )
        return next(others, len(rows))

    def _may_repeat(self, head: Sequence[PageRow]) -> bool:
        """Whether all titles and headings have been printed before."""
        return all(
            self._is_known_heading(row)
            if self._headings.is_heading_row(row.cell_row)
            else matching_key("".join(row.texts)) in self._titles
            for row in head
        )

    def _is_known_heading(self, row: PageRow) -> bool:
        return any(are_same_heading(known[-1], row) for known in self._heads)

    def _may_begin_table(
        self, head: Sequence[PageRow], above: PageRow, below: PageRow, columns: Columns
    ) -> bool:
        has_title = any(not self._headings.is_heading_row(row.cell_row) for row in head)
        return has_title or any(map(columns.position_in, (above, below)))


def _title_row(text: str, page: int) -> PageRow:
    """A line of text above a table as a row with one cell."""
    texts, ends = title_row(text)
    return PageRow(page, texts, ends, (1,))
