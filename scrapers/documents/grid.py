"""The shape in which both readers hand a document's tables on: rows of texts over grid columns."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple


class GridRow(NamedTuple):
    """A row: the text of each cell, and the grid column before which each cell ends.

    Cells that cover one column each end at 1, 2, 3, …; a wider one makes a step of more than 1.
    """

    texts: tuple[str, ...]
    ends: tuple[int, ...]


Table = list[GridRow]


@cache
def single_columns(cells: int) -> tuple[int, ...]:
    """The ends of a row whose cells cover one grid column each."""
    return tuple(range(1, cells + 1))


def join_lines(text: str, between_words: str) -> str:
    """A cell's text on one line.

    Chinese needs nothing where lines meet; two Latin letters get `between_words`, since only
    the reader knows whether its breaks were typed (" ") or are mere wrapping ("").
    """
    lines = [line for part in text.splitlines() if (line := part.strip())]
    joined = lines[:1]
    for above, below in pairwise(lines):
        joined.append(between_words if _is_latin(above[-1]) and _is_latin(below[0]) else "")
        joined.append(below)
    return "".join(joined)


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
