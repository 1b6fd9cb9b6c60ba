"""Rows of a release as frozen dataclasses whose fields are the column names."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import duckdb

from orchestration.runtime.rows import named_rows

T = TypeVar("T")


def records(
    connection: duckdb.DuckDBPyConnection, kind: type[T], source: str, values: Sequence[Any] = ()
) -> tuple[T, ...]:
    """One `kind` per row of `source`: the SQL after `from`, with `values` as its parameters."""
    columns = ", ".join(field.name for field in fields(kind))  # type: ignore[arg-type]
    found = connection.execute(f"select {columns} from {source}", values)
    return tuple(kind(**row) for row in named_rows(found))
