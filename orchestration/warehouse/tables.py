"""What the Dagster UI shows of each table in the warehouse: rows, a content hash, a preview."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table


@dataclass(frozen=True)
class TableFacts:
    """One table; `content_hash` is the same for the same rows in any order."""

    rows: int
    content_hash: str
    preview: str


def describe_tables(warehouse: Path) -> dict[str, TableFacts]:
    """The facts of each table, by name; none where there is no warehouse."""
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
