"""The status of the data directory, as `filings status` shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.ingest.results import IngestResult, IngestResults, LastRun
from orchestration.inspection.failed_checks import FailedCheck, failed_checks
from orchestration.publication.changes import KINDS
from orchestration.publication.latest import descriptor, latest_release, releases
from orchestration.runtime.clock import clock_warnings
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.globs import exactly
from orchestration.runtime.rows import named_rows
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.lookup import contract_of
from orchestration.warehouse.build_cache import last_warnings
from scrapers.errors import FilingsError
from scrapers.registers import REGISTERS
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS

# One run per night, plus two hours of tolerance.
OVERDUE = timedelta(hours=26)


@dataclass(frozen=True)
class ReleaseStatus:
    """The latest release.

    `changed` counts, by kind of change, the filings that differ from the previous release. It is
    None for the first release.
    """

    name: str
    made_at: datetime | None
    filings: int
    batches: int
    changed: dict[str, int] | None


@dataclass(frozen=True)
class ListStatus:
    """The list of a batch.

    `month`, `filings`, `quarantined` and `shown_at` (when it was fetched) are those of the version
    in use, and None if no version is in use.
    """

    month: str | None
    filings: int | None
    quarantined: int | None
    shown_at: datetime | None
    versions: int
    newest_at: datetime


@dataclass(frozen=True)
class NoticesStatus:
    """The cancellation notices in use."""

    notices: int
    records: int
    newest_on: object


@dataclass(frozen=True)
class Status:
    """The status of the data directory.

    `alarms` are announcements that were not understood. `remarks` are about documents that are
    missing at the source or were replaced by an older version. `warnings` come from the dbt tests
    of the last build and from the clock.
    """

    release: ReleaseStatus | None
    last_run: LastRun | None
    last_finished: LastRun | None
    lists: dict[str, ListStatus]
    attempts: dict[str, IngestResult]
    notices: NoticesStatus | None
    quarantine: Sequence[FailedCheck]
    problems: Sequence[IngestResult]
    alarms: Sequence[str]
    remarks: Sequence[str]
    warnings: Sequence[str]

    def is_overdue(self, now: datetime) -> bool:
        """Whether no run has finished within OVERDUE."""
        return self.last_finished is None or is_long_ago(self.last_finished.at, now)

    def not_tried(self, now: datetime) -> list[str]:
        """The batches that no run has fetched within OVERDUE."""
        return [key for key, item in self.attempts.items() if is_long_ago(item.attempted_at, now)]


def read_status(data: DataDir) -> Status:
    """Read the status. Missing files count as not yet written.

    Raises FilingsError if a table of the validated store cannot be read.
    """
    try:
        return _read(data)
    except duckdb.Error as error:
        raise FilingsError(
            str(error), remedy="Delete data/validated/; the next run rebuilds it"
        ) from error


def moment(text: str) -> datetime:
    """Parse a recorded time (ISO 8601) to UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def is_long_ago(text: str, now: datetime) -> bool:
    """Whether a recorded time is more than OVERDUE before `now`."""
    return now - moment(text) > OVERDUE


def _read(data: DataDir) -> Status:
    results = IngestResults(data.ingest_results)
    contracts = {register.name: contract_of(register.name) for register in REGISTERS}
    with duckdb.connect() as connection:
        quarantine = [
            check
            for register in REGISTERS
            for check in failed_checks(
                connection, data.validated, register, contracts[register.name]
            )
        ]
        return Status(
            release=_release(connection, data.published),
            last_run=results.last_run(),
            last_finished=results.last_finished(),
            lists=_lists(connection, data.validated, contracts[DEEP_SYNTHESIS.name]),
            attempts={
                DEEP_SYNTHESIS.key_of(item.folder): item
                for item in results.of_register(DEEP_SYNTHESIS)
            },
            notices=_notices(connection, data.validated, contracts[CANCELLATION_NOTICES.name]),
            quarantine=quarantine,
            problems=[item for item in results.all() if item.problem],
            alarms=results.alarms(),
            remarks=[remark for item in results.all() for remark in item.remarks],
            warnings=last_warnings(data) + clock_warnings(data.archive),
        )


def _release(connection: duckdb.DuckDBPyConnection, published: Path) -> ReleaseStatus | None:
    latest = latest_release(published)
    if latest is None:
        return None
    package = descriptor(latest)
    batches = package.get("batches", [])
    others = [path for path in releases(published) if path.name < latest.name]
    return ReleaseStatus(
        latest.name,
        moment(package["created"]) if "created" in package else None,
        sum(batch["filings"] for batch in batches),
        len(batches),
        _changed(connection, latest / "parquet" / "changes.parquet") if others else None,
    )


def _changed(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    if not path.exists():
        return {}
    changes = connection.read_parquet(exactly(path))
    # Two registers can list the same number. Older releases have one register.
    key = [name for name in ("register", "filing_number") if name in changes.columns]
    counts = dict(
        changes.aggregate(f"kind, count(distinct row({', '.join(key)}))", "kind").fetchall()
    )
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def _lists(
    connection: duckdb.DuckDBPyConnection, validated: Path, contract: Contract
) -> dict[str, ListStatus]:
    path = validated / f"{contract.tables.versions}.parquet"
    if not path.exists():
        return {}
    found = connection.execute(
        "select batch_no, max(list_month) filter (is_current) as month, "
        "max(rows_accepted) filter (is_current) as filings, "
        "max(rows_quarantined) filter (is_current) as quarantined, "
        "max(retrieved_at) filter (is_current) as shown_at, "
        "count(*) as versions, max(retrieved_at) as newest_at "
        "from read_parquet(?) group by batch_no order by batch_no",
        [exactly(path)],
    )
    rows = named_rows(found)
    return {contract.place.key(row.pop("batch_no")): ListStatus(**row) for row in rows}


def _notices(
    connection: duckdb.DuckDBPyConnection, validated: Path, contract: Contract
) -> NoticesStatus | None:
    path = validated / f"{contract.tables.versions}.parquet"
    if not path.exists():
        return None
    found = connection.execute(
        "select count(*) as notices, coalesce(sum(records_accepted), 0) as records, "
        "max(published_on) as newest_on from read_parquet(?) where is_current",
        [exactly(path)],
    )
    (row,) = named_rows(found)
    return NoticesStatus(**row)
