"""Limits on the size of a document's tables.

A larger table is not a list, and reading on would only take time and memory. Known lists have up to
780 rows of 8 cells, 87,000 characters in total and 491 in a cell.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from scrapers.errors import DocumentError

MAX_CELLS_OF_A_ROW = 64
MAX_ROWS = 20_000
# The contract quarantines a row with a longer cell than this (`cell_length`), and accepts the other
# rows. A document is refused only if a cell, or all cells together, are far longer still.
LONGEST_CELL = 2_000
MAX_CELL_LENGTH, MAX_CHARACTERS = 2_000_000, 4_000_000
# Total of the cells that the contract accepts: parsing a note takes up to 35 microseconds per
# character.
MAX_CHARACTERS_ACCEPTED = 500_000

T = TypeVar("T")


class Size:
    """Counts the rows and characters of a document's tables as they are read."""

    def __init__(self) -> None:
        self._rows = 0
        self._characters = 0
        self._characters_accepted = 0

    def add(self, texts: Sequence[str]) -> None:
        """Count a row by the texts of its cells. Raises DocumentError if a limit is exceeded."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise DocumentError(f"a document of over {MAX_ROWS:,} rows")
        lengths = [len(text) for text in texts]
        if max(lengths, default=0) > MAX_CELL_LENGTH:
            raise DocumentError(f"a cell of {max(lengths):,} characters in row {self._rows:,}")
        self._characters += sum(lengths)
        self._characters_accepted += sum(length for length in lengths if length <= LONGEST_CELL)
        is_too_long = (
            self._characters > MAX_CHARACTERS or self._characters_accepted > MAX_CHARACTERS_ACCEPTED
        )
        if is_too_long:
            raise DocumentError("a document with far more text in its cells than any list")


def cells_of_a_row(cells: Iterable[T]) -> list[T]:
    """The cells of a row. Raises DocumentError for more than MAX_CELLS_OF_A_ROW."""
    found = list(islice(cells, MAX_CELLS_OF_A_ROW + 1))
    if len(found) > MAX_CELLS_OF_A_ROW:
        raise DocumentError(f"a row of over {MAX_CELLS_OF_A_ROW} cells")
    return found
