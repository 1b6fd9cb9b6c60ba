"""Write the validated tables of the registers whose lists are attached to one page.

The rows go through the contracts, from facts of the replica: what dbt reads is what validation
leaves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl

from orchestration.settings import PROJECT_ROOT
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.reviews import read_reviews
from orchestration.validation.tables import version_columns
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable, Row
from scrapers.registers import GENERATIVE_SERVICES, RECOMMENDATION
from scrapers.registers.base import Register
from scrapers.replica.facts import load_register
from scrapers.replica.generative import ServiceFact
from scrapers.replica.recommendation import RecommendationFact
from scrapers.replica.wording import printed_number, scenario_purpose
from tests.support.versions import make_version

FIRST_FETCH = datetime(2026, 5, 19, 2, 30)
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class AttachedFact:
    """One accepted version of a list: its month and its rows."""

    month: str
    rows: tuple[RecommendationFact | ServiceFact, ...]
    version_no: int = 1
    is_current: bool = True

    @property
    def sha256(self) -> str:
        return sha256(f"{self.month} {self.version_no}".encode()).hexdigest()

    @property
    def list_version(self) -> str:
        return f"{self.retrieved_at:%Y%m%dt%H%M%S%f}z-{self.sha256[:12]}"

    @property
    def retrieved_at(self) -> datetime:
        return FIRST_FETCH + timedelta(days=self.version_no)


def shipped_recommendation() -> list[AttachedFact]:
    """The lists of recommendation algorithms that the project ships."""
    return [AttachedFact(item.month, item.filings) for item in load_register().recommendation_lists]


def shipped_services() -> list[AttachedFact]:
    """The lists of generative services that the project ships."""
    return [AttachedFact(item.month, item.services) for item in load_register().service_lists]


def write_attached(
    data: Path,
    recommendation: Iterable[AttachedFact] = (),
    services: Iterable[AttachedFact] = (),
) -> None:
    """Write the tables of both registers to `validated/` below the data directory."""
    _write(data, RECOMMENDATION, list(recommendation))
    _write(data, GENERATIVE_SERVICES, list(services))


def _write(data: Path, register: Register, facts: list[AttachedFact]) -> None:
    contract = contract_of(register.name)
    reviews = read_reviews(register, contract, SEEDS)
    accepted = [pl.DataFrame(schema=dict(contract.accepted_columns))]
    quarantine = [pl.DataFrame(schema=dict(contract.quarantine_columns))]
    versions = []
    for fact in facts:
        table = DocumentTable(
            tuple(Row(n, *_cells(register, row)) for n, row in enumerate(fact.rows, 1))
        )
        applied = contract.apply(table, _version(fact), fact.month, reviews.exceptions)
        accepted.append(applied.accepted)
        quarantine += [applied.quarantine] if fact.is_current else []
        versions.append(
            {
                "document_key": fact.month,
                "list_version": fact.list_version,
                "version_no": fact.version_no,
                "status": "accepted",
                "reason": None,
                "is_current": fact.is_current,
                "list_month": fact.month,
                "label": fact.month,
                "page_url": "https://www.cac.gov.cn/page.htm",
                "source_url": f"https://www.cac.gov.cn/{fact.month}",
                "document_sha256": fact.sha256,
                "document_kind": "docx",
                "table_sha256": fact.sha256,
                "bytes": 1000,
                "fetched_from": "live",
                "retrieved_at": fact.retrieved_at,
                "rows_listed": len(fact.rows),
                "rows_accepted": applied.accepted.height,
                "rows_quarantined": applied.quarantined_rows,
            }
        )
    folder = data / "validated"
    folder.mkdir(parents=True, exist_ok=True)
    tables = contract.tables
    assert tables.rows and tables.quarantine
    pl.concat(accepted).write_parquet(folder / f"{tables.rows}.parquet")
    pl.concat(quarantine).write_parquet(folder / f"{tables.quarantine}.parquet")
    pl.DataFrame(versions, schema=dict(version_columns(contract))).write_parquet(
        folder / f"{tables.versions}.parquet"
    )


def _version(fact: AttachedFact) -> Version:
    facts = Facts(key=fact.month, month=fact.month)
    return make_version(fact.month, facts, fact.list_version, fact.sha256)


def _cells(
    register: Register, row: RecommendationFact | ServiceFact
) -> tuple[Mapping[str, str], str]:
    """The printed cells of a row, and the name of its table."""
    if isinstance(row, RecommendationFact):
        (layout,) = register.tables
        printed = {
            **vars(row),
            "purpose": scenario_purpose(row.scenario),
            "filing_number": printed_number(row.filing_number),
        }
    else:
        (layout,) = (item for item in register.tables if item.name == row.table)
        printed = {**vars(row), "region_name": row.region}
    return {name: printed[name] for name in layout.columns}, layout.name
