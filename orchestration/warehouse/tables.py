"""Facts about the tables of the warehouse, for the Dagster UI."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table
from orchestration.warehouse.row_hash import row_hash


@dataclass(frozen=True)
class TableFacts:
    """Facts about one table.

    `content_hash` is that of the columns, their types and the rows, in any order.
    """

    rows: int
    content_hash: str
    preview: str


def describe_tables(warehouse: Path) -> dict[str, TableFacts]:
    """The facts of each table, by name; empty if there is no warehouse."""
    if not warehouse.exists():
        return {}
    facts = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            table = connection.table(name)
            (rows, rows_hash), *_ = connection.execute(
                f'select count(*), coalesce(sum({row_hash(table)}), 0)::varchar from "{name}"'
            ).fetchall()
            columns = list(zip(table.columns, map(str, table.types), strict=True))
            content_hash = hashlib.sha256(repr((columns, rows_hash)).encode()).hexdigest()
            first = connection.execute(f'from "{name}" limit {PREVIEW_ROWS}').fetchall()
            preview = markdown_table([dict(zip(table.columns, row, strict=True)) for row in first])
            facts[name] = TableFacts(rows, content_hash, preview)
    return facts
