"""Finds the tables of a page from its ruled lines.

pdfplumber finds cells that are enclosed on all sides. Editors leave a table open at a page break,
and some draw no lines at its sides, so open ends are closed first.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from pdfplumber.page import Page
from pdfplumber.table import TableFinder, merge_edges
from pdfplumber.utils.geometry import filter_edges

from scrapers.documents.bounds import MAX_CELLS_OF_A_ROW
from scrapers.documents.pdf.marks import Box, Rule
from scrapers.errors import DocumentError

# Lines and line ends within this many points are one: the default of pdfplumber.
TOLERANCE = 3.0
SHORTEST_LINE = 3.0
# pdfplumber compares every horizontal line with every vertical one, and every crossing with every
# other: 5,000 crossings take a second. A page of 200 rows and 10 columns has 2,211.
MAX_PAIRS, MAX_POINTS = 100_000, 5_000
MAX_TABLES = 50

Edge = dict[str, Any]


class _End(NamedTuple):
    """An end of a line where it meets no other line.

    `place` is the position along the line. `first` and `last` are the extent, across it, of the
    lines that it meets elsewhere.
    """

    place: float
    first: float
    last: float


@dataclass(frozen=True)
class RuledTable:
    """One table of a page: its cells on a grid of rows and columns."""

    cells: tuple[Box, ...]

    @cached_property
    def box(self) -> Box:
        x0, top, x1, bottom = zip(*self.cells, strict=True)
        return Box(min(x0), min(top), max(x1), max(bottom))

    @cached_property
    def xs(self) -> list[float]:
        """The x positions of the column edges, from the left."""
        return sorted({x for cell in self.cells for x in (cell.x0, cell.x1)})

    @cached_property
    def ys(self) -> list[float]:
        """The y positions of the row edges, from the top."""
        return sorted({y for cell in self.cells for y in (cell.top, cell.bottom)})

    @cached_property
    def rows_of_cells(self) -> list[range]:
        """The rows that each cell covers."""
        numbers = {y: number for number, y in enumerate(self.ys)}
        return [range(numbers[cell.top], numbers[cell.bottom]) for cell in self.cells]

    @cached_property
    def rows(self) -> list[list[int]]:
        """The cell numbers of each row, from the left. A merged cell is in several rows."""
        rows: list[list[int]] = [[] for _ in self.ys[1:]]
        for number in sorted(range(len(self.cells)), key=lambda number: self.cells[number].x0):
            for row in self.rows_of_cells[number]:
                rows[row].append(number)
        return rows

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a point, or None."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return self._squares.get((row, column))

    @cached_property
    def _squares(self) -> dict[tuple[int, int], int]:
        columns = {x: number for number, x in enumerate(self.xs)}
        return {
            (row, column): number
            for number, (cell, rows) in enumerate(zip(self.cells, self.rows_of_cells, strict=True))
            for row in rows
            for column in range(columns[cell.x0], columns[cell.x1])
        }


def ruled_tables(page: Page, rules: Sequence[Rule]) -> list[RuledTable]:
    """Return the tables of a page from the top.

    Raises DocumentError for more lines than a list has, and for nested tables.
    """
    edges = merge_edges([_edge(rule) for rule in rules], *[TOLERANCE] * 4)
    edges = filter_edges(edges, min_length=SHORTEST_LINE)
    upright, level = _by_orientation(edges)
    if len(upright) * len(level) > MAX_PAIRS or _points(upright, level) > MAX_POINTS:
        raise DocumentError("the page has more ruled lines than a list has")
    closing = [*_closing(upright, level), *_closing(level, upright)]
    upright, level = _by_orientation([*edges, *closing])
    if min(len(upright), len(level)) < 2:
        return []
    settings = {
        "vertical_strategy": "explicit",
        "horizontal_strategy": "explicit",
        "explicit_vertical_lines": upright,
        "explicit_horizontal_lines": level,
    }
    found = TableFinder(page, settings).tables
    tables = [RuledTable(tuple(Box(*cell) for cell in table.cells)) for table in found]
    if len(tables) > MAX_TABLES:
        raise DocumentError(f"the page has over {MAX_TABLES} tables")
    if any(len(row) > MAX_CELLS_OF_A_ROW for table in tables for row in table.rows):
        raise DocumentError(f"a row has over {MAX_CELLS_OF_A_ROW} cells")
    if any(one.box.common(other.box).area > 0 for one, other in combinations(tables, 2)):
        raise DocumentError(
            "a table lies inside another table",
            remedy="Nested tables are not supported: ask for the list as one table",
        )
    return tables


def _by_orientation(edges: Iterable[Edge]) -> tuple[list[Edge], list[Edge]]:
    """Return the vertical edges and the horizontal ones."""
    edges = list(edges)
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    return upright, [edge for edge in edges if edge["orientation"] == "h"]


def _closing(edges: Sequence[Edge], others: Sequence[Edge]) -> Iterator[Edge]:
    """Yield edges that close the open ends of a table, where several lines end side by side.

    Lines that meet no other line belong to a table only if they are vertical and at least three:
    in the middle of a row over several pages, a page has only these.
    """
    open_ends: dict[tuple[str, bool], list[_End]] = defaultdict(list)
    lines_that_meet = 0
    for edge in edges:
        across, begin, end = _span_of(edge)
        met = _crossings(edge, others)
        lines_that_meet += bool(met)
        if met or edge["orientation"] == "v":
            first = min([across, *(other[1] for other in met)])
            last = max([across, *(other[2] for other in met)])
            for name, place in (("begin", begin), ("end", end)):
                if all(abs(place - other[0]) > TOLERANCE for other in met):
                    open_ends[name, bool(met)].append(_End(place, first, last))
    is_level = any(edge["orientation"] == "v" for edge in edges)
    for (_, is_met), ends in open_ends.items():
        fewest = min(2, lines_that_meet) if is_met else 3
        for group in _side_by_side(ends):
            if len(group) >= fewest:
                yield _edge(_rule_across(group, is_level))


def _points(edges: Sequence[Edge], others: Sequence[Edge]) -> int:
    return sum(len(_crossings(edge, others)) for edge in edges)


def _crossings(edge: Edge, others: Sequence[Edge]) -> list[tuple[float, float, float]]:
    """Return the spans of the other edges that cross or touch an edge."""
    across, begin, end = _span_of(edge)
    return [
        other
        for other in map(_span_of, others)
        if other[1] - TOLERANCE <= across <= other[2] + TOLERANCE
        and begin - TOLERANCE <= other[0] <= end + TOLERANCE
    ]


def _span_of(edge: Edge) -> tuple[float, float, float]:
    """Return the position of an edge across its direction, and its start and end along it."""
    if edge["orientation"] == "v":
        return edge["x0"], edge["top"], edge["bottom"]
    return edge["top"], edge["x0"], edge["x1"]


def _side_by_side(ends: list[_End]) -> list[list[_End]]:
    """Group the ends by position."""
    groups: list[list[_End]] = []
    for end in sorted(ends):
        if groups and end.place - groups[-1][-1].place <= TOLERANCE:
            groups[-1].append(end)
        else:
            groups.append([end])
    return groups


def _rule_across(ends: Sequence[_End], is_level: bool) -> Rule:
    place = sum(end.place for end in ends) / len(ends)
    first, last = min(end.first for end in ends), max(end.last for end in ends)
    return Rule(first, place, last, place) if is_level else Rule(place, first, place, last)


def _edge(rule: Rule) -> Edge:
    return {
        "object_type": "line_edge",
        "orientation": "h" if rule.is_level else "v",
        "x0": rule.x0,
        "x1": rule.x1,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.x1 - rule.x0,
        "height": rule.bottom - rule.top,
    }
