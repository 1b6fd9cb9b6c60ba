"""The shape in which both readers hand a document's tables on: rows of texts over a measured width.

Edges are compared, not counted: editors leave columns a fraction of a millimetre wide behind, and
give them now to one neighbour, now to the other.
"""

from itertools import pairwise
from typing import NamedTuple

# Two edges no further apart than this are one edge, in twips (1/20 point): 2 mm. No column of text
# is as narrow; the list of 2024-06 has a column of 21 twips.
SLIVER = 113
# What a column counts as where the document does not say how wide it is.
UNKNOWN_WIDTH = 1440


class GridRow(NamedTuple):
    """A row: the text of each cell, and where each cell ends, in twips from the table's left."""

    texts: tuple[str, ...]
    ends: tuple[int, ...]


Table = list[GridRow]


def are_same_edge(one: int, other: int) -> bool:
    """Whether two edges differ by no more than a sliver."""
    return abs(one - other) <= SLIVER


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
