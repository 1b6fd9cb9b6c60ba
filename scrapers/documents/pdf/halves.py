"""The halves of a row that a page's end cuts, and what tells them from two rows.

A row has one number and one position, and each of its halves leaves cells empty. What can be
halves or rows stops the reading, so no half of a row passes for a whole one.
"""

from dataclasses import dataclass
from enum import Enum

from scrapers.documents.cells import GridRow, are_same_edges, column_of, shown_row
from scrapers.documents.pdf.page import PageRow
from scrapers.documents.pdf.texts import joined
from scrapers.documents.table import KEY_HEADING, POSITION_HEADING, ROLE_HEADING, ROLES
from scrapers.errors import DocumentError
from scrapers.fields.filing_number import digits_of, is_number_of_any_length, is_several_numbers
from scrapers.fields.text_keys import matching_key

# So many columns, besides the number's, filled in one half only are a row cut in two.
_SIGNS_OF_A_CUT = 2


class Cut(Enum):
    """How the first row of a page follows the last one of the page before."""

    NONE = "two rows"
    HALVES = "two halves of a row"
    UNCLEAR = "either"


@dataclass(frozen=True)
class Columns:
    """Which columns hold number, position and role, by the headings above them."""

    heading: GridRow
    number: int
    position: int | None
    role: int | None

    @classmethod
    def of(cls, heading: GridRow) -> "Columns":
        names = [matching_key(text) for text in heading.texts]
        position, role = (
            names.index(name) if name in names else None
            for name in (POSITION_HEADING, ROLE_HEADING)
        )
        return cls(heading, names.index(KEY_HEADING), position, role)

    def number_in(self, row: PageRow) -> str:
        return self._text(row, self.number)

    def position_in(self, row: PageRow) -> str:
        return "" if self.position is None else self._text(row, self.position)

    def has_role(self, row: PageRow) -> bool:
        """Whether the row says its role in full."""
        return self.role is not None and self._text(row, self.role) in ROLES

    def cells_of_number(self, row: PageRow) -> list[int]:
        return self._cells(row, self.number)

    def _text(self, row: PageRow, column: int) -> str:
        """The row's text under a heading, in one form."""
        return matching_key("".join(row.texts[cell] for cell in self._cells(row, column)))

    def _cells(self, row: PageRow, column: int) -> list[int]:
        """The row's cells under a heading: by their number, or by their edges if it differs."""
        ends = self.heading.ends
        if len(row.ends) == len(ends):
            return [column]
        return [cell for cell, end in enumerate(row.ends) if column_of(end, ends) == column]


def cut_between(above: PageRow, below: PageRow, columns: Columns) -> Cut:
    """Whether the last row of a page and the first of the next one are two halves of a row."""
    one, other = columns.number_in(above), columns.number_in(below)
    if columns.position_in(above) and columns.position_in(below):
        return Cut.NONE
    if columns.has_role(above) and columns.has_role(below):
        return Cut.NONE
    if one and other:
        return Cut.HALVES if _are_halves_of_a_number(one, other) else Cut.NONE
    is_position_in_one = bool(columns.position_in(above)) != bool(columns.position_in(below))
    filled_in_one = sum(
        bool(a.strip()) != bool(b.strip()) for a, b in zip(above.texts, below.texts, strict=False)
    ) - (bool(one) != bool(other))
    if is_position_in_one or filled_in_one >= _SIGNS_OF_A_CUT or is_scanty(below):
        return Cut.HALVES
    return Cut.UNCLEAR


def _are_halves_of_a_number(one: str, other: str) -> bool:
    if digits_of(one) and digits_of(other):
        return False
    if digits_of(one + other):
        return True
    is_one_whole = is_number_of_any_length(one) or is_number_of_any_length(other)
    return not is_one_whole and is_number_of_any_length(one + other)


def whole_row(above: PageRow, below: PageRow) -> PageRow:
    """The row of two halves. Raises DocumentError when their columns differ."""
    if not are_same_edges(above.ends, below.ends):
        raise DocumentError(
            f"a row goes on over the page's end in other columns: {shown_row(below.texts)}",
            remedy="Its halves cannot be put together",
        )
    texts = (joined(a, b) for a, b in zip(above.texts, below.texts, strict=True))
    return PageRow(above.page, tuple(texts), above.ends, below.spans)


def refuse_pieces(row: PageRow, columns: Columns) -> None:
    """Raise DocumentError for a row that is less than one, or more than one."""
    number = columns.number_in(row)
    if is_several_numbers(number):
        raise DocumentError(
            f"a cell with several filing numbers: {shown_row(row.texts)}",
            remedy="No lines part its rows, so they cannot be told apart",
        )
    if number and any(row.spans[cell] > 1 for cell in columns.cells_of_number(row)):
        raise DocumentError(
            f"a filing number over several rows: {shown_row(row.texts)}",
            remedy="Look at the page: a line may cross the row or part two",
        )
    if is_scanty(row) and not digits_of(number):
        raise DocumentError(
            f"a piece of a row without a whole number: {shown_row(row.texts)}",
            remedy="Look at the page: nothing shows which row it belongs to",
        )


def is_scanty(row: PageRow) -> bool:
    """Whether at least half of a row's cells are empty."""
    return 2 * sum(bool(text.strip()) for text in row.texts) <= len(row.texts)
