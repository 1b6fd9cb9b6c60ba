"""How a column of a table is written to a workbook: kind of cell, format and width."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from math import ceil, isfinite

from xlsxwriter.worksheet import Worksheet

from orchestration.publication.catalogue import Column
from orchestration.publication.cells import acts_as_formula
from orchestration.runtime.texts import harmless

Value = Hashable
"""What a cell holds: a str, bool, int, float, date or datetime, or None."""

LONGEST_TEXT = 32_767
"""Of a cell, in UTF-16 units."""

_NARROWEST, _WIDEST = 9, 46
_FRACTION = re.compile(r"(^|_)(share|rate|growth)(_|$)")
_PRECISION = re.compile(r"\([0-9,]+\)$")
# What becomes a number or a date when a user edits the cell: codes, 21 digits, months.
_LIKE_A_NUMBER = re.compile(r"[0-9][0-9.,:/-]*")
# Excel shows a longer text as ##### in cells of the format text.
_LONGEST_CODE = 255


@dataclass(frozen=True)
class Kind:
    """How cells are written, in which style if any, and which values can be without loss.

    `width` is None where the contents decide.
    """

    write: Callable[..., int]
    style: str | None
    fits: Callable[[Value], bool]
    width: int | None = None


def _is_plain(text: str) -> bool:
    # XlsxWriter copies what is between <r> and </r> into the file as it is.
    return (
        len(text) <= LONGEST_TEXT // 2 and not acts_as_formula(text) and not text.startswith("<r>")
    )


def _is_exact(number: int) -> bool:
    return abs(number) < 10**15


_TEXT = Kind(Worksheet.write_string, None, _is_plain)
_CODE = Kind(Worksheet.write_string, "code", _is_plain)
_BOOLEAN = Kind(Worksheet.write_boolean, "boolean", lambda _: True, 8)
_INTEGER = Kind(Worksheet.write_number, "integer", _is_exact, 8)
_NUMBER = Kind(Worksheet.write_number, "number", isfinite, 10)
_DECIMAL = Kind(Worksheet.write_number, "decimal", isfinite, 10)
_FRACTIONS = Kind(Worksheet.write_number, "fraction", isfinite, 10)
_DATE = Kind(Worksheet.write_datetime, "date", lambda day: day.year >= 1900, 12)
_TIME = Kind(Worksheet.write_datetime, "time", lambda time: time.year >= 1900, 20)


def kind_of(column: Column, values: Collection[Value]) -> Kind:
    """By the column's type; a fraction by its name; what kind of text or number by its values."""
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
    is_code = any(map(_LIKE_A_NUMBER.fullmatch, texts))
    return _CODE if is_code and max(map(len, texts)) <= _LONGEST_CODE else _TEXT


def cell_values(column: Column, values: Sequence[object]) -> list[Value]:
    """The values as cells hold them: lists, structs and all else that Excel lacks as text, and
    texts without signs that act.
    """
    if kind_of(column, ()) is not _TEXT:
        return list(values)
    return [None if value is None else harmless(_readable(value)) for value in values]


def width_of(column: Column, kind: Kind, values: Collection[Value]) -> int:
    """In characters: room for the name and its filter button, and for nearly all the texts."""
    heading = len(column.name) + 4
    if kind.width is not None:
        return max(heading, kind.width)
    widths = sorted(map(display_width, map(str, values))) or [0]
    longest = widths[ceil((len(widths) - 1) * 0.95)] + 2
    return max(heading, min(max(longest, _NARROWEST), _WIDEST))


def display_width(text: str) -> int:
    """In characters of the sheet: letters count one, Chinese characters two."""
    return (len(text.encode()) + len(text)) // 2


def _readable(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(_readable, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_readable(item)}" for name, item in value.items())
    return "" if value is None else str(value)
