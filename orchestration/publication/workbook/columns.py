"""How a table column is written to the workbook: cell kind, format and width."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from orchestration.publication.catalogue import Column
from orchestration.publication.cells import acts_as_formula, reads_as_number
from orchestration.publication.workbook.sheet import CellType
from orchestration.runtime.texts import harmless

Value = Hashable
"""A cell value: a str, bool, int, float, date or datetime, or None."""

LONGEST_TEXT = 32_767
"""The maximum length of a text cell, in UTF-16 code units."""

_NARROWEST, _WIDEST = 9, 46
_FRACTION = re.compile(r"(^|_)(share|rate|growth)(_|$)")
_PRECISION = re.compile(r"\([0-9,]+\)$")
# In cells with the text format, Excel shows longer text as #####.
_LONGEST_CODE = 255


@dataclass(frozen=True)
class Kind:
    """A kind of cell: its type, its style, and which values it `fits` without loss.

    `width` is None if it depends on the contents.
    """

    cell_type: CellType
    style: str | None
    fits: Callable[[Any], bool]
    width: int | None = None


def _is_plain(text: str) -> bool:
    # XlsxWriter copies text that starts with <r> into the file as raw XML.
    return (
        len(text) <= LONGEST_TEXT // 2 and not acts_as_formula(text) and not text.startswith("<r>")
    )


def _is_exact(number: int) -> bool:
    return abs(number) < 10**15


_TEXT = Kind("text", None, _is_plain)
_CODE = Kind("text", "code", _is_plain)
_BOOLEAN = Kind("boolean", "boolean", lambda _: True, 8)
_INTEGER = Kind("number", "integer", _is_exact, 8)
_NUMBER = Kind("number", "number", isfinite, 10)
_DECIMAL = Kind("number", "decimal", isfinite, 10)
_FRACTIONS = Kind("number", "fraction", isfinite, 10)
_DATE = Kind("time", "date", lambda day: day.year >= 1900, 12)
_TIME = Kind("time", "time", lambda time: time.year >= 1900, 20)


def kind_of(column: Column, values: Collection[Any]) -> Kind:
    """The cell kind of a column, by its type, its name (fractions) and its values (codes)."""
    match _PRECISION.sub("", column.type):
        case "BOOLEAN":
            return _BOOLEAN
        case "DATE":
            return _DATE
        case "TIMESTAMP" | "TIMESTAMP_S" | "TIMESTAMP_MS":
            return _TIME
        case name if name.endswith("INT") or name == "INTEGER":
            return _INTEGER
        case "DOUBLE" | "FLOAT" | "DECIMAL":
            if _FRACTION.search(column.name):
                return _FRACTIONS
            return _NUMBER if all(round(value, 2) == value for value in values) else _DECIMAL
    texts = [text for text in values if isinstance(text, str)]
    # Text that would turn into a number or a date when its cell is edited.
    is_code = any(map(reads_as_number, texts))
    return _CODE if is_code and max(map(len, texts)) <= _LONGEST_CODE else _TEXT


def cell_values(column: Column, values: Sequence[object]) -> list[Value]:
    """The values as written to cells.

    Lists, structs and other types that Excel lacks become text; U+FFFD replaces control characters.
    """
    if kind_of(column, ()) is not _TEXT:
        return list(values)
    if column.type == "VARCHAR":
        # Most texts repeat.
        texts = {None: None, **{text: harmless(str(text)) for text in set(values) - {None}}}
        return [texts[value] for value in values]
    return [None if value is None else harmless(_readable(value)) for value in values]


def width_of(column: Column, kind: Kind, values: Collection[Value]) -> int:
    """The column width in characters: fits the name, its filter button and 95 % of the texts."""
    heading = len(column.name) + 4
    if kind.width is not None:
        return max(heading, kind.width)
    widths = sorted(map(display_width, map(str, values))) or [0]
    longest = widths[ceil((len(widths) - 1) * 0.95)] + 2
    return max(heading, min(max(longest, _NARROWEST), _WIDEST))


def display_width(text: str) -> int:
    """The width of a text in characters: letters count 1, Chinese characters 2."""
    return (len(text.encode()) + len(text)) // 2


def _readable(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(_readable, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_readable(item)}" for name, item in value.items())
    return "" if value is None else str(value)
