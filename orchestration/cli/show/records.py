"""Rows of a release as frozen dataclasses whose fields are the column names."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import duckdb

from orchestration.runtime.rows import named_rows

T = TypeVar("T")


def records(
    connection: duckdb.DuckDBPyConnection,
    kind: type[T],
    source: str,
    values: Sequence[Any] | Mapping[str, Any] = (),
) -> tuple[T, ...]:
    """One `kind` per row of `source`: the SQL after `from`, with `values` as its parameters."""
    columns = ", ".join(field.name for field in fields(kind))  # type: ignore[arg-type]
    found = connection.execute(f"select {columns} from {source}", values)
    return tuple(kind(**row) for row in named_rows(found))


def has_registrations(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the release has the tables about all registers, which earlier versions lack."""
    return _has_table(connection, "registrations")


def has_groups(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the release has the table of corporate groups."""
    return _has_table(connection, "entity_groups")


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() where table_name = ?", [name]
    ).fetchone()
    return found is not None and found[0] > 0


def with_purpose_origin(table: str) -> str:
    """The SQL of a table; its column `purpose_origin` is null in releases that lack it."""
    return with_columns(table, purpose_origin="varchar")


def with_columns(table: str, **types: str) -> str:
    """The SQL of a table; these columns are null in releases that lack them."""
    nulls = ", ".join(f"null::{kind} as {name}" for name, kind in types.items())
    return f"(from {table} union all by name (select {nulls} limit 0))"
