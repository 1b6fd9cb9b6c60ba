"""Builds a warehouse of small marts, releases of it, and contexts for document writers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.context import ReleaseContext
from orchestration.publication.release import Release, publish
from orchestration.warehouse.compared import Compared, Noun
from orchestration.warehouse.marts import DATABASE, Mart

COMPARED = Compared(
    register="deep_synthesis",
    order=1,
    rows=Noun("filing", "filings"),
    documents=Noun("batch", "batches"),
    key="filing_number",
    name="algorithm_name",
    document="batch_no",
    document_format="{:03}",
    printed=("batch_no", "algorithm_name", "entity_name", "products", "note"),
    status=("list_status", "is_cancelled", "cancelled_month", "cancellation_source"),
    place=("list_position", "row_no", "document_sha256", "list_version"),
)
SERVICES = Compared(
    register="generative_services",
    order=3,
    rows=Noun("service", "services"),
    documents=Noun("list", "lists"),
    key="service_number",
    name="service_name",
    document="list_month",
    document_format="{}",
    printed=("list_month", "service_name", "entity_name"),
    status=("list_status",),
    place=("list_version",),
    feed_month="list_month",
)
BATCHES = Mart("batches", "One row per batch.", {"batch_no": "Its ordinal."})
FILINGS = Mart(
    "filings",
    "One row per filing; it's short.",
    {"note": "What the list's note says."},
    COMPARED,
    key=("filing_number",),
)
MARTS = [BATCHES, FILINGS]
COLUMNS = {
    "filing_number": "varchar", "batch_no": "integer", "list_month": "varchar",
    "algorithm_name": "varchar",
    "entity_id": "varchar", "entity_name": "varchar", "products": "varchar", "sector": "varchar",
    "note": "varchar", "list_status": "varchar", "is_cancelled": "boolean",
    "cancelled_month": "varchar", "cancellation_source": "varchar",
    "list_position": "integer", "row_no": "integer",
    "document_sha256": "varchar", "list_version": "varchar", "review_status": "varchar",
}  # fmt: skip
Row = dict[str, object]


def make_filing(
    serial: int,
    name: str = "算法",
    entity: str = "公司",
    note: str | None = None,
    place: int = 1,
    batch_no: int = 1,
    **others: object,
) -> Row:
    """A filing; `place` sets all columns about where its row was found."""
    return {
        "filing_number": f"{serial:021d}", "batch_no": batch_no,
        "list_month": f"2024-{batch_no % 12 + 1:02}", "algorithm_name": name,
        "entity_id": f"{serial:07d}", "entity_name": entity, "products": "产品(APP)",
        "sector": "general", "note": note, "list_status": "listed", "is_cancelled": False,
        "cancelled_month": None, "cancellation_source": None,
        "list_position": place, "row_no": place,
        "document_sha256": f"sha{place}", "list_version": f"v{place}",
    } | others  # fmt: skip


def write_parquet(release: Path, rows: Sequence[Row]) -> Path:
    """Write the part of a release folder that a comparison reads."""
    (release / "parquet").mkdir(parents=True)
    with duckdb.connect() as connection:
        _fill(connection, rows)
        path = release / "parquet" / "filings.parquet"
        connection.sql("from filings").write_parquet(str(path))
    return release


def write_filings(path: Path, rows: Sequence[Row]) -> Path:
    """Write a DuckDB file with both marts."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        _fill(connection, rows)
        connection.execute("create table batches as select distinct batch_no from filings")
    return path


def make_release(folder: Path, *rows: Row, source: str = "replica", **others: Any) -> Release:
    """Publish these filings in `folder`/published; `others` are arguments of `publish`."""
    return publish(
        warehouse=write_filings(folder / "warehouse.duckdb", rows),
        published=folder / "published",
        marts=MARTS,
        source=source,
        **others,
    )


def make_context(folder: Path, *rows: Row, **queries: str) -> ReleaseContext:
    """A release context with these filings, a batch, events, and a table for each query."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "batches": "select 7 as batch_no, date '2024-08-05' as announced_on, "
        "timestamp '2025-01-02 03:04:05.678' as retrieved_at",
        "filing_events": "select filing_number, timestamp '2025-01-01' as seen_at from filings",
    } | queries
    marts, counts = [], {}
    with duckdb.connect(str(folder / DATABASE)) as connection:
        _fill(connection, rows)
        for name, query in tables.items():
            connection.execute(f'create table "{name}" as {query}')
        for name in ("filings", *tables):
            table = connection.execute(f'from "{name}"')
            columns = {column[0]: f"What {column[0]} says." for column in table.description}
            compared = COMPARED if name == FILINGS.name else None
            marts.append(Mart(name, f"One row is one of {name}.", columns, compared))
            counts[name] = len(table.fetchall())
    return ReleaseContext(folder, marts, counts, "c0ffee", "1.0.0+abc1234", "replica")


def with_services(folder: Path, **queries: str) -> ReleaseContext:
    """A release context with a filing, and a register with three services in two lists."""
    services = (
        "from (values ('S-1', '2026-02', 'listed'), ('S-2', '2026-06', 'listed'), "
        "('S-3', '2026-06', 'listed'), ('S-4', '2026-06', 'withdrawn_from_list')) "
        "as t(service_number, list_month, list_status)"
    )
    context = make_context(folder, make_filing(1), services=services, **queries)
    marts = [
        replace(mart, compared=SERVICES) if mart.name == "services" else mart
        for mart in context.marts
    ]
    return replace(context, marts=marts)


def _fill(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Create the table of filings, with the columns of the first one."""
    names = list(rows[0]) if rows else list(COLUMNS)
    columns = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    connection.execute(f"create table filings ({columns})")
    if rows:
        places = ", ".join("?" * len(names))
        values = [[row[name] for name in names] for row in rows]
        connection.executemany(f"insert into filings values ({places})", values)
