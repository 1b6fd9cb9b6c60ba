"""The rows of a mart, copied from its Parquet file into its table."""

import json
from typing import Any

import duckdb
from psycopg import sql

from orchestration.publication.targets.postgres_connection import Connection
from orchestration.publication.targets.postgres_tables import TableChange
from orchestration.publication.targets.postgres_types import (
    JSON,
    NUL,
    REPLACEMENT,
    has_nul,
    postgres_type,
    selected,
)
from orchestration.publication.targets.release_files import MartFile
from orchestration.runtime.globs import exactly

_BATCH = 5_000


def replace_rows(connection: Connection, change: TableChange) -> list[str]:
    """Delete the rows of a table and copy those of its mart; warnings about altered texts.

    TRUNCATE would be faster, but a reader whose transaction began before would see an empty table.
    """
    mart = change.mart
    connection.execute(sql.SQL("delete from {}").format(change.table))
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in mart.columns)
    statement = sql.SQL("copy {} ({}) from stdin").format(change.table, columns)
    structured = [
        number for number, column in enumerate(mart.columns) if postgres_type(column.type) == JSON
    ]
    with duckdb.connect() as source, connection.cursor() as cursor:
        values = ", ".join(map(selected, mart.columns))
        rows = source.execute(f"select {values} from read_parquet(?)", [exactly(mart.path)])
        with cursor.copy(statement) as copy:
            while batch := rows.fetchmany(_BATCH):
                for row in batch:
                    copy.write_row(_with_json(row, structured) if structured else row)
        return _warnings(source, mart)


def _with_json(row: tuple[Any, ...], structured: list[int]) -> list[Any]:
    values = list(row)
    for number in structured:
        if values[number] is not None:
            values[number] = json.dumps(_storable(values[number]), ensure_ascii=False, default=str)
    return values


def _storable(value: Any) -> Any:
    """A value of structs and lists without NUL, which jsonb cannot hold."""
    if isinstance(value, str):
        return value.replace(NUL, REPLACEMENT)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _warnings(source: duckdb.DuckDBPyConnection, mart: MartFile) -> list[str]:
    conditions = list(filter(None, map(has_nul, mart.columns)))
    if not conditions:
        return []
    found = source.execute(
        f"select count(*) from read_parquet(?) where {' or '.join(conditions)}",
        [exactly(mart.path)],
    ).fetchone()
    if not found or not found[0]:
        return []
    remark = (
        f"{found[0]:,} rows of {mart.name} have a NUL character, which PostgreSQL cannot store: it "
        f"is {REPLACEMENT} there"
    )
    return [remark]
