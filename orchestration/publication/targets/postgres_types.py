"""Types of PostgreSQL for the columns of a mart, and how DuckDB gives their values.

Texts stay texts, also numbers with leading zeros. Times are in UTC. Structs become jsonb.
"""

import re

from orchestration.publication.targets.release_files import Column
from orchestration.runtime.sql import identifier

JSON = "jsonb"
# PostgreSQL stores every character in a text but this one.
NUL, REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"
_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "HUGEINT": "numeric(39,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIME": "time without time zone",
    "TIMESTAMP": "timestamp with time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "INTERVAL": "interval",
    "BLOB": "bytea",
    "UUID": "uuid",
}


def postgres_type(duckdb_type: str) -> str:
    """The type as PostgreSQL writes it, such as `text[]`; `text` for any other type."""
    if duckdb_type.startswith(("STRUCT", "MAP", "JSON")) or duckdb_type.endswith("[][]"):
        return JSON
    if duckdb_type.endswith("[]"):
        item = postgres_type(duckdb_type.removesuffix("[]"))
        return JSON if item == JSON else f"{item}[]"
    if found := re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", duckdb_type):
        return f"numeric({found[1]},{found[2]})"
    return _TYPES.get(duckdb_type, "text")


def selected(column: Column) -> str:
    """The SQL expression of DuckDB for the value of a column that is copied to PostgreSQL."""
    name = identifier(column.name)
    kind = postgres_type(column.type)
    if kind == "text":
        return f"replace({name}::varchar, chr(0), '{REPLACEMENT}')"
    if kind == "text[]":
        return f"list_transform({name}, lambda x: replace(x::varchar, chr(0), '{REPLACEMENT}'))"
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {name})"
    return name


def has_nul(column: Column) -> str | None:
    """The SQL condition of DuckDB that a value holds a NUL character; None if it cannot."""
    if postgres_type(column.type) not in {"text", "text[]", JSON}:
        return None
    return f"contains({identifier(column.name)}::varchar, chr(0))"
