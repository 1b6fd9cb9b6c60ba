"""The rows of a DuckDB result as dictionaries."""

from typing import Any

import duckdb


def named_rows(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of the last query that a connection executed, each as {column: value}."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
