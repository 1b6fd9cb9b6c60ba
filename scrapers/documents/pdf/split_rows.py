"""Decides whether a row continues on the next page, or whether two rows meet at the page break.

A row has one key and one position, and each half of a split row has empty cells. An ambiguous case
raises an error, so half a row is never accepted as a whole one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from scrapers.documents.cells import CellRow, are_same_edges, column_of, shown_row
from scrapers.documents.headings import Headings, columns_by_field
from scrapers.documents.layout import POSITION, KeyGrammar, TableLayout
from scrapers.documents.pdf.page import PageRow
from scrapers.documents.pdf.texts import joined
from scrapers.errors import DocumentError
from scrapers.fields.text_keys import matching_key

# If this many columns besides the key have text on one side only, the row is split.
_COLUMNS_OF_A_SPLIT = 2


class PageBreak(Enum):
    """How the last row of a page relates to the first row of the next page."""

    BETWEEN_ROWS = "two rows"
    WITHIN_ROW = "two halves of a row"
    UNCLEAR = "either"


@dataclass(frozen=True)
class Columns:
    """The columns of the key, the position and the closed vocabularies, from the headings above."""

    heading: CellRow
    layout: TableLayout
    places: Mapping[str, int]

    @classmethod
    def of(cls, heading: CellRow, headings: Headings) -> "Columns":
        layout = headings.likely_layout(heading)
        return cls(
            heading, layout, columns_by_field(list(map(matching_key, heading.texts)), layout)
        )

    def key_in(self, row: PageRow) -> str:
        return self._text(row, self.layout.key)

    def position_in(self, row: PageRow) -> str:
        return self._text(row, POSITION)

    def fixed_values_in(self, row: PageRow) -> set[str]:
        """Return the closed-vocabulary columns in which the row has a complete value."""
        return {
            name
            for name, column in self.layout.columns.items()
            if column.words and self._text(row, name) in map(matching_key, column.words)
        }

    def cells_of_key(self, row: PageRow) -> list[int]:
        return self._cells(row, self.places[self.layout.key])

    def _text(self, row: PageRow, name: str) -> str:
        """Return the matching key of the row's text in a column, or "" without such a column."""
        if name not in self.places:
            return ""
        cells = self._cells(row, self.places[name])
        return matching_key("".join(row.texts[cell] for cell in cells))

    def _cells(self, row: PageRow, column: int) -> list[int]:
        """Return the row's cells in a column: by number, or by edges if the row has other cells."""
        ends = self.heading.ends
        if len(row.ends) == len(ends):
            return [column]
        return [cell for cell, end in enumerate(row.ends) if column_of(end, ends) == column]


def page_break_between(above: PageRow, below: PageRow, columns: Columns) -> PageBreak:
    """Return whether two rows around a page break are two halves of one row."""
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
    """Join the halves of a row. Raises DocumentError if their columns differ."""
    if not are_same_edges(above.ends, below.ends):
        raise DocumentError(
            f"a row continues after the page break in other columns: {shown_row(below.texts)}",
            remedy="The two halves cannot be joined: ask for the document as .docx",
        )
    texts = (joined(a, b) for a, b in zip(above.texts, below.texts, strict=True))
    return PageRow(above.page, tuple(texts), above.ends, below.spans)


def refuse_incomplete_row(row: PageRow, columns: Columns) -> None:
    """Raise DocumentError for part of a row, or for several rows in one."""
    key, grammar = columns.key_in(row), columns.layout.grammar
    if grammar and grammar.is_several_keys(key):
        raise DocumentError(
            f"a cell has several {grammar.noun}s: {shown_row(row.texts)}",
            remedy="No lines separate its rows: ask for the document as .docx",
        )
    if grammar and key and any(row.spans[cell] > 1 for cell in columns.cells_of_key(row)):
        raise DocumentError(
            f"a {grammar.noun} spans several rows: {shown_row(row.texts)}",
            remedy="Check the page for a line that crosses a row, or that is missing",
        )
    if is_mostly_empty(row) and not (grammar.is_key(key) if grammar else key):
        lacking = "a whole number" if grammar else f"a {columns.layout.key_column.heading}"
        raise DocumentError(
            f"part of a row without {lacking}: {shown_row(row.texts)}",
            remedy="Check the page to see which row it belongs to",
        )


def is_mostly_empty(row: PageRow) -> bool:
    """Whether at least half of a row's cells are empty."""
    return 2 * sum(bool(text.strip()) for text in row.texts) <= len(row.texts)
