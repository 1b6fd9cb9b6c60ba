"""The tables and the coverage of a release, read from its database."""

from dataclasses import dataclass
from datetime import date, datetime

from orchestration.publication.context import ReleaseContext
from orchestration.publication.registers import RegisterRows, compared_marts, listed_rows
from orchestration.publication.state import State

# The marts of registers come first, then the most used tables; all others follow by name.
_FIRST = (
    "registrations", "registrants", "registrations_by_month", "registrations_by_region",
    "sectors_by_register", "dual_track", "batches", "entities", "products", "regions_by_batch",
    "cities_by_batch", "sectors_by_batch", "sectors_by_year", "modalities_by_batch",
    "roles_by_batch", "pass_rates", "cancellations", "filing_events", "changes",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its name, its DuckDB type, and its description (may be empty)."""

    name: str
    type: str
    description: str = ""


@dataclass(frozen=True)
class Table:
    """A mart of the release, with its columns in order; `register` is set if it has its rows."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]
    register: str | None = None


@dataclass(frozen=True)
class Reach:
    """The coverage of a release.

    It has the state of the registers, when the archive last received something new (UTC), the
    number of batches and the last batch, which are 0 and None without that register, and the
    listed rows of each register in the order of the registers.
    """

    state: State
    fetched_at: datetime
    batches: int
    last_batch: int | None
    announced_on: date | None
    registers: tuple[RegisterRows, ...]


def tables(context: ReleaseContext) -> list[Table]:
    """The marts of the release: those of registers, then the most used ones, then all others."""
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
            mart.compared.register if mart.compared else None,
        )
        for mart in context.marts
    ]
    order = [*(name for name, _ in compared_marts(context.marts)), *_FIRST]
    places = {name: place for place, name in enumerate(order)}
    return sorted(found, key=lambda table: (places.get(table.name, len(places)), table.name))


def reach(context: ReleaseContext) -> Reach:
    """The coverage of the release."""
    with context.connect() as connection:
        ((batches, last, announced_on),) = connection.execute(
            "select count(*), max(batch_no), max_by(announced_on, batch_no) from batches"
        ).fetchall()
        registers = tuple(
            listed_rows(connection, name, compared)
            for name, compared in compared_marts(context.marts)
        )
    return Reach(context.state(), context.as_of(), batches, last, announced_on, registers)
