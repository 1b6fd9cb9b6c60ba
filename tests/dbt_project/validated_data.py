"""Write the folder `validated/` as the contracts leave it, straight from facts.

A `ListFact` is one version of one list; `write_validated` makes the Parquet files of batches and
notices that the dbt project reads. `shipped_lists` are the real batches 1 to 18.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl

from orchestration.validation.contracts import cancellation_notices, deep_synthesis
from orchestration.validation.contracts.base import Columns
from orchestration.validation.contracts.cancellation_notices import PRINTED_ROLES
from orchestration.validation.contracts.parsed_fields import NOTE_EVENT, PRODUCT
from orchestration.validation.tables import version_columns
from scrapers.fields.notes import read_note
from scrapers.fields.products import read_products
from scrapers.fields.text_keys import matching_key
from scrapers.registers.discovery.cancellations import titled_count
from scrapers.registers.discovery.wording import list_month
from scrapers.replica.facts import CancellationFact, FilingFact, load_register
from scrapers.replica.wording import purpose

LISTS, NOTICES = deep_synthesis.CONTRACT, cancellation_notices.CONTRACT


@dataclass(frozen=True)
class ListFact:
    """One version of a list: its accepted rows and how many rows were quarantined."""

    batch_no: int
    filings: tuple[FilingFact, ...]
    announced_on: date = date(2025, 5, 19)
    version_no: int = 1
    status: str = "accepted"
    is_current: bool = True
    quarantined: int = 0
    quarantined_numbers: tuple[str, ...] = ()  # one per quarantined row, if they could be read
    accepted: int | None = None  # None: as many as there are filings
    clock: datetime | None = None  # a wrong clock that made the name
    fetched_from: str = "live"

    @property
    def sha256(self) -> str:
        return sha256(f"{self.batch_no} {self.version_no}".encode()).hexdigest()

    @property
    def list_version(self) -> str:
        return f"{self.clock or self.retrieved_at:%Y%m%dt%H%M%S%f}z-{self.sha256[:12]}"

    @property
    def retrieved_at(self) -> datetime:
        """Each version a day after the one before."""
        return datetime(2026, 5, 19, 2, 30) + timedelta(days=self.version_no)


def shipped_lists(batches: int = 18) -> list[ListFact]:
    """The first batches of the register that the project ships."""
    register = load_register().first(batches)
    return [
        ListFact(a.batch_no, register.filings[a.batch_no], a.published_on)
        for a in register.announcements
    ]


def filing(
    number: str, batch_no: int = 1, products: str = "某某（APP）", note: str = "",
    role: str = "provider",
) -> FilingFact:  # fmt: skip
    """A made-up row about weather, so that its sector is known."""
    return FilingFact(
        batch_no, "", f"算法{number[6:]}", role, f"公司{number[6:13]}", products, number,
        "天气播报", "", "文本", "文本", "", "", note,
    )  # fmt: skip


def write_validated(
    data: Path, lists: list[ListFact], cancellations: Sequence[CancellationFact] = ()
) -> Path:
    """Write `validated/` below the data directory and give that directory back."""
    for fact in lists:
        folder = data / "validated" / f"{fact.batch_no:03d}"
        (folder / "quarantine").mkdir(parents=True, exist_ok=True)
        name = f"{fact.list_version}.parquet"
        _write(
            [_row(fact, i, f) for i, f in enumerate(fact.filings, 1)],
            LISTS.accepted_columns,
            folder / name,
        )
        _write(_quarantine(fact), LISTS.quarantine_columns, folder / "quarantine" / name)
    versions = [_version(fact) for fact in lists]
    _write(versions, version_columns(LISTS), data / "validated" / "list_versions.parquet")
    notices: dict[str, list[CancellationFact]] = {}
    for fact in cancellations:
        notices.setdefault(fact.notice_id, []).append(fact)
    _write(
        [_record(n, fact) for facts in notices.values() for n, fact in enumerate(facts, 1)],
        NOTICES.accepted_columns,
        data / "validated" / "cancellations.parquet",
    )
    _write(
        [_notice(facts) for facts in notices.values()],
        version_columns(NOTICES),
        data / "validated" / "cancellation_notices.parquet",
    )
    return data


def _write(rows: list[dict[str, object]], types: Columns, path: Path) -> None:
    pl.DataFrame(rows, schema=dict(types)).write_parquet(path)


def _row(fact: ListFact, row_no: int, filing: FilingFact) -> dict[str, object]:
    number = filing.filing_number
    return {
        "batch_no": fact.batch_no, "list_version": fact.list_version, "row_no": row_no,
        "list_position": int(filing.position) if filing.position else None,
        "algorithm_name": filing.algorithm_name, "role": filing.role,
        "entity_name": filing.entity_name, "products": filing.products,
        "purpose": purpose(filing), "filing_number": number,
        "note": filing.note or None, "region_code": number[:6],
        "entity_id": number[6:13], "kind_code": number[13:15],
        "issued_year": 2000 + int(number[15:17]), "serial_no": int(number[17:20]),
        "entity_key": matching_key(filing.entity_name),
        "product_list": [_fields(PRODUCT, item) for item in read_products(filing.products)],
        "note_events": [_fields(NOTE_EVENT, item) for item in read_note(filing.note)],
    }  # fmt: skip


def _fields(struct: pl.Struct, value: object) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in struct.fields}


def _record(record_no: int, fact: CancellationFact) -> dict[str, object]:
    number = fact.filing_number
    return {
        "notice_id": fact.notice_id, "notice_version": "v1", "record_no": record_no,
        "algorithm_name": fact.algorithm_name, "printed_role": fact.role,
        "role": PRINTED_ROLES[fact.role], "entity_name": fact.entity_name,
        "entity_key": matching_key(fact.entity_name), "products": fact.products or None,
        "purpose": None, "cancelled_month": list_month(fact.cancelled_month),
        "filing_number": number, "region_code": number[:6], "entity_id": number[6:13],
        "kind_code": number[13:15], "issued_year": 2000 + int(number[15:17]),
        "serial_no": int(number[17:20]),
    }  # fmt: skip


def _notice(facts: list[CancellationFact]) -> dict[str, object]:
    return {
        "notice_id": facts[0].notice_id, "notice_version": "v1", "version_no": 1,
        "status": "accepted", "is_current": True, "title": facts[0].title,
        "published_on": facts[0].notice_date, "titled_count": titled_count(facts[0].title),
        "file_url": f"https://beian.cac.gov.cn/{facts[0].notice_id}", "document_sha256": "ab" * 32,
        "document_kind": "docx", "table_sha256": "cd" * 32, "bytes": 1000,
        "fetched_from": "live",
        "retrieved_at": datetime(2026, 7, 18, 2, 30),
        "records_listed": len(facts), "records_accepted": len(facts), "records_quarantined": 0,
    }  # fmt: skip


def _quarantine(fact: ListFact) -> list[dict[str, object]]:
    # Two failed checks per row: rows, not checks, are what the counts are about.
    return [
        {
            "batch_no": fact.batch_no, "list_version": fact.list_version,
            "document_sha256": fact.sha256, "row_no": len(fact.filings) + i,
            "column_name": "role", "check_name": check, "failure_value": "",
            "filing_number": dict(enumerate(fact.quarantined_numbers, 1)).get(i),
            "digits": dict(enumerate(fact.quarantined_numbers, 1)).get(i),
        }
        for i in range(1, fact.quarantined + 1)
        for check in ("known_role", "required")
    ]  # fmt: skip


def _version(fact: ListFact) -> dict[str, object]:
    accepted = len(fact.filings) if fact.accepted is None else fact.accepted
    page = f"https://www.cac.gov.cn/{fact.announced_on:%Y-%m/%d}/c_{fact.batch_no}.htm"
    return {
        "batch_no": fact.batch_no, "list_version": fact.list_version,
        "version_no": fact.version_no, "status": fact.status,
        "reason": None if fact.status == "accepted" else "the list shrank",
        "is_current": fact.is_current, "list_month": f"{fact.announced_on:%Y-%m}",
        "announced_on": fact.announced_on, "page_title": f"batch {fact.batch_no}",
        "page_url": page, "source_url": f"{page}?list", "document_sha256": fact.sha256,
        "document_kind": "docx", "table_sha256": fact.sha256, "bytes": 1000,
        "fetched_from": fact.fetched_from,
        "retrieved_at": fact.retrieved_at, "rows_listed": accepted + fact.quarantined,
        "rows_accepted": accepted, "rows_quarantined": fact.quarantined,
    }  # fmt: skip
