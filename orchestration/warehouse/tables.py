"""Facts about the tables of the warehouse, for the Dagster UI."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table


@dataclass(frozen=True)
class TableFacts:
    """Facts about one table. `content_hash` does not depend on the order of the rows."""

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
            (rows, content_hash), *_ = connection.execute(
                f'select count(*), coalesce(sum(hash(t)), 0)::varchar from "{name}" as t'
            ).fetchall()
            first = connection.table(name).limit(PREVIEW_ROWS).pl().to_dicts()
            facts[name] = TableFacts(rows, content_hash, markdown_table(first))
    return facts
