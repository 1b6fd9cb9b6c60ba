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
# Where a cell is longer than known ones and shorter than this, the contract sets its row aside
# (`cell_length`), and the others are taken.
MAX_CELL_LENGTH = 1_000_000
# A note takes up to 40 seconds to read for each million of characters.
MAX_CHARACTERS = 1_000_000

T = TypeVar("T")


class Size:
    """Counts the rows and characters of a document's tables as they are read."""

    def __init__(self) -> None:
        self._rows = 0
        self._characters = 0

    def add(self, texts: Sequence[str]) -> None:
        """Count a row by the texts of its cells. Raises DocumentError where it is one too many."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise DocumentError(f"a document of over {MAX_ROWS:,} rows")
        longest = max(map(len, texts), default=0)
        if longest > MAX_CELL_LENGTH:
            raise DocumentError(f"a cell of {longest:,} characters in row {self._rows:,}")
        self._characters += sum(map(len, texts))
        if self._characters > MAX_CHARACTERS:
            raise DocumentError(f"a document with over {MAX_CHARACTERS:,} characters in its cells")


def cells_of_a_row(cells: Iterable[T]) -> list[T]:
    """The cells of a row. Raises DocumentError for more than a row can have."""
    found = list(islice(cells, MAX_CELLS_OF_A_ROW + 1))
    if len(found) > MAX_CELLS_OF_A_ROW:
        raise DocumentError(f"a row of over {MAX_CELLS_OF_A_ROW} cells")
    return found
