"""Conversion of DuckDB values to the cells of text files, and to JSON."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from types import NoneType

from orchestration.publication.cells import kept_as_text, neutralised, reads_as_number

# Spreadsheets keep 15 digits of a number.
LEAST_INEXACT = 10**15


def plain_cell(value: object) -> str:
    """The value as text. Numbers are unchanged; lists and structs are JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ")
        case list() | tuple() | Mapping():
            return json_text(value)
    return str(json_value(value))


def csv_cell(value: object) -> str:
    """The plain cell, in which text that a spreadsheet would run as a formula is neutralised."""
    return neutralised(plain_cell(value)) if is_text(value) else plain_cell(value)


def spreadsheet_cell(value: object) -> str:
    """The cell of a file for spreadsheets, which keep codes and long numbers as they are."""
    is_long = isinstance(value, int) and abs(value) >= LEAST_INEXACT
    return kept_as_text(plain_cell(value)) if is_long or _is_code(value) else csv_cell(value)


def is_text(value: object) -> bool:
    """Whether the value is text, or is written as text other than a number, a date or JSON."""
    return not isinstance(
        value, int | float | Decimal | datetime | list | tuple | Mapping | NoneType
    )


def _is_code(value: object) -> bool:
    return isinstance(value, str) and reads_as_number(value)


def json_text(value: object) -> str:
    """The value as JSON on one line, with Chinese unescaped."""
    return json.dumps(json_value(value), ensure_ascii=False, allow_nan=False)


def json_value(value: object) -> object:
    """The value in JSON types: dates in ISO 8601, non-finite numbers as null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else None
        case Decimal():
            return float(value) if value.as_tuple().exponent else int(value)
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple():
            return [json_value(item) for item in value]
        case Mapping():
            return {str(key): json_value(item) for key, item in value.items()}
    return str(value)
