"""Describes the tables of a release and its coverage, from its database."""

from dataclasses import dataclass
from datetime import date, datetime

from orchestration.publication.context import ReleaseContext

# The most wanted first; the others follow by name, a new one among them.
_FIRST = (
    "filings", "batches", "entities", "products", "regions_by_batch", "cities_by_batch",
    "sectors_by_batch", "sectors_by_year", "modalities_by_batch", "roles_by_batch", "pass_rates",
    "cancellations", "filing_events", "changes",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column's name, its type in DuckDB, and its description, empty if it has none."""

    name: str
    type: str
    description: str = ""


@dataclass(frozen=True)
class Table:
    """A mart as it is in the release, its columns in order."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Reach:
    """How far a release reaches: `as_of` in UTC, its number of batches, and the last of them."""

    as_of: datetime
    batches: int
    last_batch: int
    announced_on: date


def tables(context: ReleaseContext) -> list[Table]:
    """The release's marts, the most wanted first."""
    with context.connect() as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "order by table_name, column_index"
        ).fetchall()
    found = [
        Table(
            mart.name,
            mart.description,
            context.rows[mart.name],
            tuple(
                Column(name, kind, mart.columns.get(name, ""))
                for table, name, kind in columns
                if table == mart.name
            ),
        )
        for mart in context.marts
    ]
    return sorted(found, key=lambda table: (_place(table.name), table.name))


def reach(context: ReleaseContext) -> Reach:
    with context.connect() as connection:
        batches, last, announced_on = connection.execute(
            "select count(*), max(batch_no), max_by(announced_on, batch_no) from batches"
        ).fetchone()
    return Reach(context.as_of(), batches, last, announced_on)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
