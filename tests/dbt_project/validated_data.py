"""Write the folder `validated/` as the contract leaves it, straight from facts.

A `ListFact` is one version of one list; `write_validated` makes the three kinds of Parquet files
that the dbt project reads. `shipped_lists` are the real batches 1 to 11.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from orchestration.contracts import ACCEPTED_COLUMNS, QUARANTINE_COLUMNS
from orchestration.list_versions import LIST_VERSION_COLUMNS
from scrapers.replica.facts import FilingFact, load_register
from scrapers.replica.wording import note, purpose


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
    accepted: int | None = None  # None: as many as there are filings

    @property
    def sha256(self) -> str:
        return sha256(f"{self.batch_no} {self.version_no}".encode()).hexdigest()

    @property
    def list_version(self) -> str:
        return f"{self.announced_on:%Y%m%d}T02300{self.version_no}Z-{self.sha256[:12]}"


def shipped_lists(batches: int = 11) -> list[ListFact]:
    """The first batches of the register that the project ships."""
    register = load_register().first(batches)
    return [
        ListFact(a.batch_no, register.filings[a.batch_no], a.published_on)
        for a in register.announcements
    ]


def filing(
    number: str, batch_no: int = 1, products: str = "某某（APP）", change: str = "",
    role: str = "provider",
) -> FilingFact:  # fmt: skip
    """A made-up row about weather, so that its sector is known."""
    return FilingFact(
        batch_no, "", f"算法{number[6:]}", role, f"公司{number[6:13]}", products, number,
        "天气播报", "", "文本", "文本", "", change,
    )  # fmt: skip


def write_validated(data: Path, lists: list[ListFact]) -> Path:
    """Write `validated/` below the data directory and give that directory back."""
    for fact in lists:
        folder = data / "validated" / f"{fact.batch_no:03d}"
        (folder / "quarantine").mkdir(parents=True, exist_ok=True)
        name = f"{fact.list_version}.parquet"
        _write(
            [_row(fact, i, f) for i, f in enumerate(fact.filings, 1)],
            ACCEPTED_COLUMNS,
            folder / name,
        )
        _write(_quarantine(fact), QUARANTINE_COLUMNS, folder / "quarantine" / name)
    versions = [_version(fact) for fact in lists]
    _write(versions, LIST_VERSION_COLUMNS, data / "validated" / "list_versions.parquet")
    return data


def _write(rows: list[dict[str, object]], types: dict[str, pl.DataType], path: Path) -> None:
    pl.DataFrame(rows, schema=types).write_parquet(path)


def _row(fact: ListFact, row_no: int, filing: FilingFact) -> dict[str, object]:
    number = filing.filing_number
    return {
        "batch_no": fact.batch_no, "list_version": fact.list_version, "row_no": row_no,
        "list_position": int(filing.position) if filing.position else None,
        "algorithm_name": filing.algorithm_name, "role": filing.role,
        "entity_name": filing.entity_name, "products": filing.products,
        "purpose": purpose(filing), "filing_number": number,
        "note": note(filing.change) or None, "region_code": number[:6],
        "entity_id": number[6:13], "kind_code": number[13:15],
        "issued_year": 2000 + int(number[15:17]), "serial_no": int(number[17:20]),
    }  # fmt: skip


def _quarantine(fact: ListFact) -> list[dict[str, object]]:
    # Two failed checks a row: rows, not checks, are what the counts are about.
    return [
        {
            "batch_no": fact.batch_no, "list_version": fact.list_version,
            "document_sha256": fact.sha256, "row_no": len(fact.filings) + i,
            "column_name": "filing_number", "check_name": check, "failure_value": "12",
        }
        for i in range(1, fact.quarantined + 1)
        for check in ("has_21_digits", "check_digit")
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
        "retrieved_at": datetime(2025, 5, 19, 2, 30), "rows_listed": accepted + fact.quarantined,
        "rows_accepted": accepted, "rows_quarantined": fact.quarantined,
    }  # fmt: skip
