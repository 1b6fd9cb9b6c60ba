"""A filing with its products, events and versions."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.cli.show.events import Event, events_of_filing
from orchestration.cli.show.records import records


@dataclass(frozen=True)
class FilingRow:
    """A row of `filings`; the data dictionary explains each column."""

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
    sector: str
    sector_runner_up: str | None
    sector_margin: float
    sector_evidence: str
    inputs: str
    outputs: str
    is_multimodal: bool
    is_cross_modal: bool
    is_generative: bool
    modality_evidence: str
    province_name: str
    city_name: str
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
class FilingVersion:
    """A version of a filing; `valid_to` is None while it is current."""

    version_no: int
    valid_from: datetime
    valid_to: datetime | None
    started_as: str
    ended_as: str | None
    changed_columns: list[str]


@dataclass(frozen=True)
class Filing:
    """A filing; `entity_filings` is the number of filings of its entity."""

    row: FilingRow
    products: tuple[Product, ...]
    events: tuple[Event, ...]
    versions: tuple[FilingVersion, ...]
    entity_filings: int


def find_filing(connection: duckdb.DuckDBPyConnection, number: str) -> Filing | None:
    """The filing with this 21-digit number, or None if no list has ever contained it."""
    rows = records(connection, FilingRow, "filings where filing_number = ?", [number])
    if not rows:
        return None
    of_number = "where filing_number = ? order by"
    siblings = connection.execute(
        "select filings from entities where entity_id = ?", [rows[0].entity_id]
    ).fetchall()
    return Filing(
        rows[0],
        records(connection, Product, f"products {of_number} product_no", [number]),
        events_of_filing(connection, number),
        records(connection, FilingVersion, f"filing_versions {of_number} version_no", [number]),
        siblings[0][0] if siblings else 0,
    )
