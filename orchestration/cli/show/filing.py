"""A filing with its products, events and versions."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.cli.show.events import Event, events_of_number
from orchestration.cli.show.records import records, with_columns
from orchestration.cli.show.registrations import (
    Record,
    Version,
    find_registration,
    record_in,
    versions_of,
)

# Columns that releases of earlier program versions lack.
_LATER_COLUMNS = {
    "purpose_origin": "varchar", "sector_source": "varchar", "reader_count": "bigint",
    "read_on": "date", "sector_confidence": "double", "sector_by_rules": "varchar",
    "confidence_by_rules": "double", "review_status": "varchar",
}  # fmt: skip


@dataclass(frozen=True)
class FilingRow:
    """A row of `filings`; the data dictionary explains each column.

    In older releases, the columns about reviews are None.
    """

    filing_number: str
    batch_no: int
    list_month: str
    announced_on: date
    row_no: int
    list_status: str
    algorithm_name: str
    role: str
    entity_id: str
    entity_name: str
    products: str | None
    purpose: str
    purpose_origin: str | None
    sector: str
    sector_source: str | None
    reader_count: int | None
    read_on: date | None
    sector_confidence: float | None
    sector_runner_up: str | None
    sector_by_rules: str | None
    confidence_by_rules: float | None
    review_status: str | None
    sector_margin: float
    sector_evidence: str
    inputs: str
    outputs: str
    is_multimodal: bool
    is_cross_modal: bool
    is_generative: bool
    modality_evidence: str
    province_name: str | None
    city_name: str | None
    district_name: str | None
    is_cancelled: bool
    cancelled_month: str | None
    cancellation_source: str | None
    cancellation_notice_id: str | None
    note: str | None
    amended_at: datetime | None
    source_url: str
    list_version: str


@dataclass(frozen=True)
class Product:
    """A product of a filing, with its kind."""

    product_name: str
    kind: str


@dataclass(frozen=True)
class Filing:
    """A filing; `entity_filings` is the number of filings of its entity.

    `elsewhere` has its number in the other registers that list it.
    """

    row: FilingRow
    products: tuple[Product, ...]
    events: tuple[Event, ...]
    versions: tuple[Version, ...]
    entity_filings: int
    elsewhere: tuple[Record, ...]


def find_filing(connection: duckdb.DuckDBPyConnection, number: str) -> Filing | None:
    """The filing with this 21-digit number, or None if no list has ever contained it."""
    source = f"{with_columns('filings', **_LATER_COLUMNS)} where filing_number = ?"
    rows = records(connection, FilingRow, source, [number])
    if not rows:
        return None
    of_number = "where filing_number = ? order by"
    siblings = connection.execute(
        "select filings from entities where entity_id = ?", [rows[0].entity_id]
    ).fetchall()
    registration = find_registration(connection, number)
    register = registration.register if registration else None
    others = registration.other_registers if registration else []
    found = (record_in(connection, number, name) for name in others)
    return Filing(
        rows[0],
        records(connection, Product, f"products {of_number} product_no", [number]),
        events_of_number(connection, number, register),
        versions_of(connection, number, register),
        siblings[0][0] if siblings else 0,
        tuple(record for record in found if record is not None),
    )
