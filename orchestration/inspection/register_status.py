"""The state of one register in the data directory, as `filings status` shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.inspection.failed_checks import FailedCheck, failed_checks
from orchestration.runtime.globs import exactly
from orchestration.runtime.rows import named_rows
from orchestration.validation.contracts.base import Contract
from scrapers.registers.base import Register

# One run per night, plus two hours of tolerance.
OVERDUE = timedelta(hours=26)


@dataclass(frozen=True)
class DocumentStatus:
    """A document of which the archive has a version.

    `month`, `published_on`, `rows`, `quarantined` and `shown_at` (when it was fetched) are those of
    the version in use, and None if no version is in use.
    """

    month: str | None
    published_on: date | None
    rows: int | None
    quarantined: int | None
    shown_at: datetime | None
    versions: int
    newest_at: datetime


@dataclass(frozen=True)
class RegisterStatus:
    """The documents of a register, by key, and what an operator should look at.

    `attempts` are the last attempts at its documents, also by key. `alarms` are announcements that
    were not understood. `unread` is the last attempt to find the documents, if it failed.
    """

    register: Register
    documents: Mapping[str, DocumentStatus]
    attempts: Mapping[str, IngestResult]
    quarantine: Sequence[FailedCheck]
    alarms: Sequence[str]
    unread: IngestResult | None = None

    @property
    def keys(self) -> list[str]:
        """The keys of all documents, sorted."""
        return sorted({*self.documents, *self.attempts})

    @property
    def in_use(self) -> list[DocumentStatus]:
        """The documents of which a version is in use."""
        return [item for item in self.documents.values() if item.rows is not None]

    @property
    def problems(self) -> list[tuple[str, IngestResult]]:
        """The failed attempts, with the key of the document."""
        return [(key, item) for key, item in self.attempts.items() if item.problem]

    def not_tried(self, now: datetime) -> list[str]:
        """The documents that no run has fetched within OVERDUE."""
        return [key for key, item in self.attempts.items() if is_long_ago(item.attempted_at, now)]


def read_register(
    connection: duckdb.DuckDBPyConnection,
    validated: Path,
    results: IngestResults,
    register: Register,
    contract: Contract,
) -> RegisterStatus:
    """Read the status of a register; `validated` is `data/validated/`.

    Raises duckdb.Error if a table of the validated store cannot be read.
    """
    return RegisterStatus(
        register,
        _documents(connection, validated, register, contract),
        {register.key_of(item.folder): item for item in results.of_register(register)},
        failed_checks(connection, validated, register, contract),
        results.alarms(register),
        results.of_discovery(register),
    )


def moment(text: str) -> datetime:
    """Parse a recorded time (ISO 8601) to UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def is_long_ago(text: str, now: datetime) -> bool:
    """Whether a recorded time is more than OVERDUE before `now`."""
    return now - moment(text) > OVERDUE


def _documents(
    connection: duckdb.DuckDBPyConnection, validated: Path, register: Register, contract: Contract
) -> dict[str, DocumentStatus]:
    path = validated / f"{contract.tables.versions}.parquet"
    if not path.exists():
        return {}
    place = contract.place
    in_use = {
        "month": _column(contract, contract.month_column),
        "published_on": _column(contract, contract.date_column),
        "rows": f"{place.counts}_accepted",
        "quarantined": f"{place.counts}_quarantined",
        "shown_at": "retrieved_at",
    }
    current = [f'max({column}) filter (is_current) as "{name}"' for name, column in in_use.items()]
    found = connection.execute(
        f"select {place.document} as document, {', '.join(current)}, "
        "count(*) as versions, max(retrieved_at) as newest_at "
        "from read_parquet(?) group by document order by document",
        [exactly(path)],
    )
    rows: list[dict[str, Any]] = named_rows(found)
    return {register.key_of_value(row.pop("document")): DocumentStatus(**row) for row in rows}


def _column(contract: Contract, name: str) -> str:
    return name if name in contract.document_columns else "null"
