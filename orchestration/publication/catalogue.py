"""The tables and the coverage of a release, read from its database."""

from dataclasses import dataclass
from datetime import date, datetime

from orchestration.publication.context import ReleaseContext

# The most used tables come first; all others follow by name.
_FIRST = (
    "filings", "batches", "entities", "products", "regions_by_batch", "cities_by_batch",
    "sectors_by_batch", "sectors_by_year", "modalities_by_batch", "roles_by_batch", "pass_rates",
    "cancellations", "filing_events", "changes",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its name, its DuckDB type, and its description (may be empty)."""

    name: str
    type: str
    description: str = ""


@dataclass(frozen=True)
class Table:
    """A mart of the release, with its columns in order."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Reach:
    """The coverage of a release: `as_of` (UTC), the number of batches, and the last batch."""

    as_of: datetime
    batches: int
    last_batch: int
    announced_on: date


def tables(context: ReleaseContext) -> list[Table]:
    """The marts of the release, the most used first."""
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
    """The coverage of the release."""
    with context.connect() as connection:
        ((batches, last, announced_on),) = connection.execute(
            "select count(*), max(batch_no), max_by(announced_on, batch_no) from batches"
        ).fetchall()
    return Reach(context.as_of(), batches, last, announced_on)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
