"""A hash of the columns of a row, by which rows are compared."""

from collections.abc import Collection, Iterator

import duckdb

from orchestration.runtime.sql import identifier

_NESTED = ("STRUCT", "MAP", "UNION")


def row_hash(table: duckdb.DuckDBPyRelation, columns: Collection[str] | None = None) -> str:
    """The SQL expression for the hash of these columns of a table, by default all.

    To `hash` of DuckDB, an empty list equals a null, and so does a struct of nulls. They differ in
    this one.
    """
    types = dict(zip(table.columns, map(str, table.types), strict=True))
    parts = [part for name in columns or types for part in _hashed(name, types[name])]
    return f"hash({', '.join(parts)})"


def _hashed(name: str, kind: str) -> Iterator[str]:
    column = identifier(name)
    yield column
    if kind.startswith(_NESTED) or kind.count("[") > 1:
        yield f"{column}::varchar"
    elif "[" in kind:
        yield f"{column} is null"
