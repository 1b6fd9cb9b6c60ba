"""How large the tables of a document may be.

What is larger is not a list, and reading on would only take time and memory. Known lists have up to
780 rows of 8 cells, 87,000 characters in all and 491 in a cell.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from scrapers.errors import DocumentError

MAX_CELLS_OF_A_ROW = 64
MAX_ROWS = 20_000
# The contract sets aside a row with a longer cell than this (`cell_length`), and the other rows are
# taken. Where a cell or all of them are far longer still, the document is refused.
LONGEST_CELL = 2_000
MAX_CELL_LENGTH, MAX_CHARACTERS = 2_000_000, 4_000_000
# In the cells that the contract takes: the note of a row takes up to 35 microseconds per character.
MAX_CHARACTERS_TAKEN = 500_000

T = TypeVar("T")


class Size:
    """Counts the rows and characters of a document's tables as they are read."""

    def __init__(self) -> None:
        self._rows = 0
        self._characters = 0
        self._characters_taken = 0

    def add(self, texts: Sequence[str]) -> None:
        """Count a row by the texts of its cells. Raises DocumentError where it is one too many."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise DocumentError(f"a document of over {MAX_ROWS:,} rows")
        lengths = [len(text) for text in texts]
        if max(lengths, default=0) > MAX_CELL_LENGTH:
            raise DocumentError(f"a cell of {max(lengths):,} characters in row {self._rows:,}")
        self._characters += sum(lengths)
        self._characters_taken += sum(length for length in lengths if length <= LONGEST_CELL)
        if self._characters > MAX_CHARACTERS or self._characters_taken > MAX_CHARACTERS_TAKEN:
            raise DocumentError("a document with far more text in its cells than a list has")


def cells_of_a_row(cells: Iterable[T]) -> list[T]:
    """The cells of a row. Raises DocumentError for more than a row can have."""
    found = list(islice(cells, MAX_CELLS_OF_A_ROW + 1))
    if len(found) > MAX_CELLS_OF_A_ROW:
        raise DocumentError(f"a row of over {MAX_CELLS_OF_A_ROW} cells")
    return found
