"""A document's tables as both readers return them: rows of texts, each cell with its right edge.

Columns are compared by their edges, not by their number: editors leave behind columns a fraction of
a millimetre wide, and add them to the cell before in one row and to the cell after in the next.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from scrapers.errors import shortened

# Two edges no further apart than this are one edge, in twips (1/20 point): 2 mm. No column of text
# is as narrow; the list of 2024-06 has a column of 21 twips.
SLIVER = 113
# What a column counts as where the document does not say how wide it is.
UNKNOWN_WIDTH = 1440
# So many names are told in a message.
SHOWN = 5


class CellRow(NamedTuple):
    """A row: the text of each cell, and where each cell ends, in twips from the table's left."""

    texts: tuple[str, ...]
    ends: tuple[int, ...]


Table = list[CellRow]


def are_same_edge(one: int, other: int) -> bool:
    """Whether two edges differ by no more than a sliver."""
    return abs(one - other) <= SLIVER


def are_same_edges(ends: Sequence[int], others: Sequence[int]) -> bool:
    """Whether two rows have the same cells, by where they end."""
    return len(ends) == len(others) and all(map(are_same_edge, ends, others))


def column_of(end: int, ends: Sequence[int]) -> int:
    """The column that a cell ending at `end` lies in or ends with; `ends` are the columns'.

    A cell that ends behind all columns gets the number after the last one.
    """
    return bisect_left(ends, end - SLIVER)


def shown_row(texts: Iterable[str]) -> str:
    """A row's texts for a message."""
    return repr(shortened(" | ".join(" ".join(text.split()) for text in texts)))


def shown_names(names: Sequence[str]) -> str:
    """The first few names for a message, and how many more there are."""
    shown = "、".join(shortened(name) for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def join_lines(text: str) -> str:
    """A cell's text on one line: nothing between Chinese lines, a space between Latin words."""
    lines = [line for part in text.splitlines() if (line := part.strip())]
    joined = lines[:1]
    for above, below in pairwise(lines):
        joined.append(" " if _is_latin(above[-1]) and _is_latin(below[0]) else "")
        joined.append(below)
    return "".join(joined)


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
