"""Ruled lines of a page → its tables, as grids of cells.

pdfplumber finds the cells that lines enclose on all sides. Editors leave a table open where a page
ends, and some draw no line at its sides, so lines that end in the open are closed there first.
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
from pdfplumber.utils import filter_edges

from scrapers.documents.bounds import MAX_CELLS_OF_A_ROW
from scrapers.documents.pdf.marks import Box, Rule
from scrapers.errors import DocumentError

# Lines and ends of lines no further apart than this (points) are one: pdfplumber's own default.
TOLERANCE = 3.0
SHORTEST_LINE = 3.0
# pdfplumber compares every level line with every upright one, and every point where two meet with
# every other: 5,000 points take a second. A page of 200 rows and 10 columns has 2,211 of them.
MAX_PAIRS, MAX_POINTS = 100_000, 5_000
MAX_TABLES = 50

Edge = dict[str, Any]


class _End(NamedTuple):
    """An end of a line that meets no other line there.

    `place` is along the line; `first` and `last` are how far, across it, the lines that it meets
    elsewhere reach.
    """

    place: float
    first: float
    last: float


@dataclass(frozen=True)
class RuledTable:
    """One table of a page: its cells, and the grid of rows and columns that they fill."""

    cells: tuple[Box, ...]

    @cached_property
    def box(self) -> Box:
        x0, top, x1, bottom = zip(*self.cells, strict=True)
        return Box(min(x0), min(top), max(x1), max(bottom))

    @cached_property
    def xs(self) -> list[float]:
        """Where columns begin and end, from the left."""
        return sorted({x for cell in self.cells for x in (cell.x0, cell.x1)})

    @cached_property
    def ys(self) -> list[float]:
        """Where rows begin and end, from the top."""
        return sorted({y for cell in self.cells for y in (cell.top, cell.bottom)})

    @cached_property
    def rows_of_cells(self) -> list[range]:
        """The rows that each cell covers."""
        numbers = {y: number for number, y in enumerate(self.ys)}
        return [range(numbers[cell.top], numbers[cell.bottom]) for cell in self.cells]

    @cached_property
    def rows(self) -> list[list[int]]:
        """The numbers of each row's cells, from the left; a cell may be in several rows."""
        rows: list[list[int]] = [[] for _ in self.ys[1:]]
        for number in sorted(range(len(self.cells)), key=lambda number: self.cells[number].x0):
            for row in self.rows_of_cells[number]:
                rows[row].append(number)
        return rows

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a point, None outside of all."""
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
    """The tables of a page from the top.

    Raises DocumentError for more lines than a list can have, and for tables in each other.
    """
    edges = merge_edges([_edge(rule) for rule in rules], *[TOLERANCE] * 4)
    edges = filter_edges(edges, min_length=SHORTEST_LINE)
    upright, level = _by_orientation(edges)
    if len(upright) * len(level) > MAX_PAIRS or _points(upright, level) > MAX_POINTS:
        raise DocumentError("a .pdf page with more lines than a list has")
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
        raise DocumentError(f"a .pdf page of over {MAX_TABLES} tables")
    if any(len(row) > MAX_CELLS_OF_A_ROW for table in tables for row in table.rows):
        raise DocumentError(f"a row of over {MAX_CELLS_OF_A_ROW} cells")
    if any(one.box.common(other.box).area > 0 for one, other in combinations(tables, 2)):
        raise DocumentError("a table inside a table", remedy="Its rows cannot be told apart")
    return tables


def _by_orientation(edges: Iterable[Edge]) -> tuple[list[Edge], list[Edge]]:
    """The upright edges and the level ones."""
    edges = list(edges)
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    return upright, [edge for edge in edges if edge["orientation"] == "h"]


def _closing(edges: Sequence[Edge], others: Sequence[Edge]) -> Iterator[Edge]:
    """Edges across the open ends of a table's lines, where several end side by side.

    Lines that meet no other line belong to a table only if they are upright and at least three:
    a row over several pages leaves nothing else on the page in its middle.
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
    """The places of the other edges that cross or touch an edge."""
    across, begin, end = _span_of(edge)
    return [
        other
        for other in map(_span_of, others)
        if other[1] - TOLERANCE <= across <= other[2] + TOLERANCE
        and begin - TOLERANCE <= other[0] <= end + TOLERANCE
    ]


def _span_of(edge: Edge) -> tuple[float, float, float]:
    """Where an edge lies across its direction, and where along it it begins and ends."""
    if edge["orientation"] == "v":
        return edge["x0"], edge["top"], edge["bottom"]
    return edge["top"], edge["x0"], edge["x1"]


def _side_by_side(ends: list[_End]) -> list[list[_End]]:
    """The ends in groups of about one place."""
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
