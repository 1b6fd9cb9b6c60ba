"""The halves of a row that a page's end cuts, and what tells them from two rows.

A row has one key and one position, and each of its halves leaves cells empty. What can be
halves or rows stops the reading, so no half of a row passes for a whole one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from scrapers.documents.cells import CellRow, are_same_edges, column_of, shown_row
from scrapers.documents.headings import Headings, places_of
from scrapers.documents.layout import POSITION, KeyGrammar, TableLayout
from scrapers.documents.pdf.page import PageRow
from scrapers.documents.pdf.texts import joined
from scrapers.errors import DocumentError
from scrapers.fields.text_keys import matching_key

# So many columns, besides the key's, filled in one half only are a row cut in two.
_COLUMNS_OF_A_SPLIT = 2


class PageBreak(Enum):
    """How the first row of a page follows the last one of the page before."""

    BETWEEN_ROWS = "two rows"
    WITHIN_ROW = "two halves of a row"
    UNCLEAR = "either"


@dataclass(frozen=True)
class Columns:
    """Which columns hold key, position and words of a closed vocabulary, by the headings above."""

    heading: CellRow
    layout: TableLayout
    places: Mapping[str, int]

    @classmethod
    def of(cls, heading: CellRow, headings: Headings) -> "Columns":
        layout = headings.likely_layout(heading)
        return cls(heading, layout, places_of(list(map(matching_key, heading.texts)), layout))

    def key_in(self, row: PageRow) -> str:
        return self._text(row, self.layout.key)

    def position_in(self, row: PageRow) -> str:
        return self._text(row, POSITION)

    def fixed_values_in(self, row: PageRow) -> set[str]:
        """The columns of a closed vocabulary in which the row has one of its words in full."""
        return {
            name
            for name, column in self.layout.columns.items()
            if column.words and self._text(row, name) in map(matching_key, column.words)
        }

    def cells_of_key(self, row: PageRow) -> list[int]:
        return self._cells(row, self.places[self.layout.key])

    def _text(self, row: PageRow, name: str) -> str:
        """The row's text in a column, in one form; empty where there is no such column."""
        if name not in self.places:
            return ""
        cells = self._cells(row, self.places[name])
        return matching_key("".join(row.texts[cell] for cell in cells))

    def _cells(self, row: PageRow, column: int) -> list[int]:
        """The row's cells under a heading: by their number, or by their edges if it differs."""
        ends = self.heading.ends
        if len(row.ends) == len(ends):
            return [column]
        return [cell for cell, end in enumerate(row.ends) if column_of(end, ends) == column]


def page_break_between(above: PageRow, below: PageRow, columns: Columns) -> PageBreak:
    """Whether the last row of a page and the first of the next one are two halves of a row."""
    grammar = columns.layout.grammar
    one, other = (columns.key_in(row) if grammar else "" for row in (above, below))
    if columns.position_in(above) and columns.position_in(below):
        return PageBreak.BETWEEN_ROWS
    if columns.fixed_values_in(above) & columns.fixed_values_in(below):
        return PageBreak.BETWEEN_ROWS
    if grammar and one and other:
        return (
            PageBreak.WITHIN_ROW
            if _are_halves_of_a_key(one, other, grammar)
            else PageBreak.BETWEEN_ROWS
        )
    is_position_in_one = bool(columns.position_in(above)) != bool(columns.position_in(below))
    filled_in_one = sum(
        bool(a.strip()) != bool(b.strip()) for a, b in zip(above.texts, below.texts, strict=False)
    ) - (bool(one) != bool(other))
    if is_position_in_one or filled_in_one >= _COLUMNS_OF_A_SPLIT or is_mostly_empty(below):
        return PageBreak.WITHIN_ROW
    return PageBreak.UNCLEAR


def _are_halves_of_a_key(one: str, other: str, grammar: KeyGrammar) -> bool:
    if grammar.is_key(one) and grammar.is_key(other):
        return False
    if grammar.is_key(one + other):
        return True
    is_one_whole = grammar.is_key_of_any_length(one) or grammar.is_key_of_any_length(other)
    return not is_one_whole and grammar.is_key_of_any_length(one + other)


def joined_row(above: PageRow, below: PageRow) -> PageRow:
    """The row of two halves. Raises DocumentError when their columns differ."""
    if not are_same_edges(above.ends, below.ends):
        raise DocumentError(
            f"a row goes on over the page's end in other columns: {shown_row(below.texts)}",
            remedy="Its halves cannot be put together",
        )
    texts = (joined(a, b) for a, b in zip(above.texts, below.texts, strict=True))
    return PageRow(above.page, tuple(texts), above.ends, below.spans)


def refuse_incomplete_row(row: PageRow, columns: Columns) -> None:
    """Raise DocumentError for a row that is less than one, or more than one."""
    key, grammar = columns.key_in(row), columns.layout.grammar
    if grammar and grammar.is_several_keys(key):
        raise DocumentError(
            f"a cell with several {grammar.noun}s: {shown_row(row.texts)}",
            remedy="No lines part its rows, so they cannot be told apart",
        )
    if grammar and key and any(row.spans[cell] > 1 for cell in columns.cells_of_key(row)):
        raise DocumentError(
            f"a {grammar.noun} over several rows: {shown_row(row.texts)}",
            remedy="Look at the page: a line may cross the row or part two",
        )
    if is_mostly_empty(row) and not (grammar.is_key(key) if grammar else key):
        lacking = "a whole number" if grammar else f"a {columns.layout.key_column.heading}"
        raise DocumentError(
            f"a piece of a row without {lacking}: {shown_row(row.texts)}",
            remedy="Look at the page: nothing shows which row it belongs to",
        )


def is_mostly_empty(row: PageRow) -> bool:
    """Whether at least half of a row's cells are empty."""
    return 2 * sum(bool(text.strip()) for text in row.texts) <= len(row.texts)
