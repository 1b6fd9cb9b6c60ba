"""Tables as both readers return them: rows of texts, with the right edge of each cell.

Columns are matched by their edges, not by their index. Editors leave columns a fraction of a
millimetre wide, which belong to the cell on the left in one row and to the cell on the right in the
next.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from scrapers.errors import shortened

# Two edges at most this far apart are the same edge, in twips (1/20 point): 2 mm. No text column is
# this narrow; the list of 2024-06 has an empty column of 21 twips.
SLIVER = 113
# The width in twips of a column whose width the document does not give: one inch.
UNKNOWN_WIDTH = 1440
# The number of names quoted in a message.
SHOWN = 5


class CellRow(NamedTuple):
    """A row: the text of each cell, and its right edge in twips from the left of the table."""

    texts: tuple[str, ...]
    ends: tuple[int, ...]


Table = list[CellRow]


def are_same_edge(one: int, other: int) -> bool:
    """Whether two edges differ by no more than SLIVER."""
    return abs(one - other) <= SLIVER


def are_same_edges(ends: Sequence[int], others: Sequence[int]) -> bool:
    """Whether two rows have the same right edges of cells."""
    return len(ends) == len(others) and all(map(are_same_edge, ends, others))


def column_of(end: int, ends: Sequence[int]) -> int:
    """The index of the column that contains a right edge, or has the same one.

    `ends` are the right edges of the columns. An edge after the last column gives len(ends).
    """
    return bisect_left(ends, end - SLIVER)


def shown_row(texts: Iterable[str]) -> str:
    """A row's texts, quoted for a message."""
    return repr(shortened(" | ".join(" ".join(text.split()) for text in texts)))


def shown_names(names: Sequence[str]) -> str:
    """The first few names for a message, and the number of others."""
    shown = "、".join(shortened(name) for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def join_lines(text: str) -> str:
    """A cell's text on one line. Lines are joined with a space only between two Latin words."""
    lines = [line for part in text.splitlines() if (line := part.strip())]
    joined = lines[:1]
    for above, below in pairwise(lines):
        joined.append(" " if _is_latin(above[-1]) and _is_latin(below[0]) else "")
        joined.append(below)
    return "".join(joined)


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
