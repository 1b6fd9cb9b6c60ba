"""Conversion of DuckDB values to CSV cells and to JSON."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite

from orchestration.publication.cells import neutralised


def csv_cell(value: object) -> str:
    """The value as text.

    Numbers are unchanged, lists and structs are JSON, and text that a spreadsheet would run as a
    formula is neutralised.
    """
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
    return neutralised(str(json_value(value)))


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
