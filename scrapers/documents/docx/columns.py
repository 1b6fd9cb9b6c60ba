"""The grid of a .docx table: the edges of its columns, and how many of them a cell covers."""

import re
from collections.abc import Sequence
from itertools import accumulate

from lxml import etree

from scrapers.documents.cells import SLIVER, UNKNOWN_WIDTH
from scrapers.documents.docx.markup import attribute, child, children
from scrapers.errors import DocumentError, shortened

MAX_SPAN_DIGITS = 3

# Twips per unit of a measure (ST_TwipsMeasure). Strict documents may give measures with a unit.
_UNITS = {"": 1, "pt": 20, "in": 1440, "cm": 1440 / 2.54, "mm": 144 / 2.54, "pc": 240, "pi": 240}
_MEASURE = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]{0,2})\s*")


def grid_edges(table: etree._Element) -> list[int]:
    """The edges of the grid's columns in twips: one more than there are columns."""
    return list(accumulate(_grid_widths(table), initial=0))


def ends_of(edges: Sequence[int], cells: int) -> tuple[int, ...]:
    """The right edges of the cells of a row, if each covers one grid column."""
    if cells < len(edges):
        return tuple(edges[1 : cells + 1])
    return tuple(edge_after(edges, column) for column in range(1, cells + 1))


def edge_after(edges: Sequence[int], columns: int) -> int:
    """The right edge of so many grid columns; UNKNOWN_WIDTH is assumed for any missing ones."""
    missing = columns - (len(edges) - 1)
    return edges[columns] if missing <= 0 else edges[-1] + missing * UNKNOWN_WIDTH


def columns_of(element: etree._Element, least: int) -> int:
    """The number of columns that an element states.

    Raises DocumentError if it is not a number, too large, or below `least`.
    """
    value = attribute(element, "val")
    columns = "1" if value is None else value
    if not columns.isdecimal() or len(columns) > MAX_SPAN_DIGITS or int(columns) < least:
        raise DocumentError(
            f"a .docx file with a cell that spans {shortened(columns)!r} grid columns"
        )
    return int(columns)


def _grid_widths(table: etree._Element) -> list[int]:
    """The widths of the grid's columns in twips; UNKNOWN_WIDTH for those without one."""
    grid = child(table, "tblGrid")
    if grid is None:
        return []
    widths = [_twips(attribute(column, "w") or "") for column in children(grid, "gridCol")]
    # Some programs write the same nominal width for every column.
    return widths if max(widths, default=0) > SLIVER else [UNKNOWN_WIDTH] * len(widths)


def _twips(measure: str) -> int:
    found = _MEASURE.fullmatch(measure)
    if not found or found[2] not in _UNITS:
        return UNKNOWN_WIDTH
    return round(float(found[1]) * _UNITS[found[2]]) or UNKNOWN_WIDTH
