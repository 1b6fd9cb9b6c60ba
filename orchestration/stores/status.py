"""How the register stands, as the data directory tells: what `filings status` shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.ingest.results import LastRun, Outcome, Outcomes
from orchestration.publication.changes import KINDS
from orchestration.publication.latest import descriptor, latest_release, releases
from orchestration.runtime.clock import clock_warnings
from orchestration.stores.globs import exactly
from orchestration.validation.lists import LIST_VERSIONS
from orchestration.validation.notices import NOTICE_VERSIONS
from orchestration.validation.quarantine import FailedCheck, failed_checks
from orchestration.warehouse.cache import last_warnings
from scrapers.archive.store import Archive
from scrapers.errors import FilingsError
from scrapers.registers.lists import batch_key

# A run a night, and time for it to be late.
OVERDUE = timedelta(hours=26)


@dataclass(frozen=True)
class ReleaseStatus:
    """The latest release; `changed` counts filings that differ from the release before by kind,
    and is None for the first one."""

    name: str
    made_at: datetime | None
    filings: int
    batches: int
    changed: dict[str, int] | None


@dataclass(frozen=True)
class ListStatus:
    """The versions of a batch's list; the month and the counts are those of the version in use,
    which was fetched at `shown_at`. All are None where no version is in use."""

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
    """`alarms` are notices that were not understood, `remarks` what the source showed of a document
    that is no failure (it is gone, an older copy is back), `warnings` what the tests of the last
    build and the clock warn of."""

    release: ReleaseStatus | None
    last_run: LastRun | None
    last_finished: LastRun | None
    lists: dict[str, ListStatus]
    attempts: dict[str, Outcome]
    notices: NoticesStatus | None
    quarantine: Sequence[FailedCheck]
    problems: Sequence[Outcome]
    alarms: Sequence[str]
    remarks: Sequence[str]
    warnings: Sequence[str]

    def is_overdue(self, now: datetime) -> bool:
        """Whether no run has finished for longer than a night."""
        return self.last_finished is None or is_long_ago(self.last_finished.at, now)

    def not_tried(self, now: datetime) -> list[str]:
        """The batches that nobody has looked at for longer than a night."""
        return [key for key, item in self.attempts.items() if is_long_ago(item.attempted_at, now)]


def read_status(data_dir: Path) -> Status:
    """All of it; what is missing is as if it had never been.

    Raises FilingsError where a table of the validated store cannot be read.
    """
    try:
        return _read(data_dir)
    except duckdb.Error as error:
        raise FilingsError(
            str(error), remedy="data/validated/ may be deleted: the next run writes it again"
        ) from error


def moment(text: str) -> datetime:
    """A recorded time, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def is_long_ago(text: str, now: datetime) -> bool:
    return now - moment(text) > OVERDUE


def _read(data_dir: Path) -> Status:
    outcomes = Outcomes(data_dir / "outcomes")
    validated = data_dir / "validated"
    with duckdb.connect() as connection:
        return Status(
            _release(connection, data_dir / "published"),
            outcomes.last_run(),
            outcomes.last_finished(),
            _lists(connection, validated / f"{LIST_VERSIONS}.parquet"),
            {item.folder: item for item in outcomes.batches()},
            _notices(connection, validated / f"{NOTICE_VERSIONS}.parquet"),
            failed_checks(connection, validated),
            [item for item in outcomes.all() if item.problem],
            outcomes.alarms(),
            [remark for item in outcomes.all() for remark in item.remarks],
            last_warnings(data_dir) + clock_warnings(Archive(data_dir / "raw")),
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
    counts = dict(
        connection.execute(
            "select kind, count(distinct filing_number) from read_parquet(?) group by kind",
            [exactly(path)],
        ).fetchall()
    )
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def _lists(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, ListStatus]:
    if not path.exists():
        return {}
    rows = connection.execute(
        "select batch_no, max(list_month) filter (is_current), "
        "max(rows_accepted) filter (is_current), max(rows_quarantined) filter (is_current), "
        "max(retrieved_at) filter (is_current), count(*), max(retrieved_at) "
        "from read_parquet(?) group by batch_no order by batch_no",
        [exactly(path)],
    ).fetchall()
    return {batch_key(number): ListStatus(*rest) for number, *rest in rows}


def _notices(connection: duckdb.DuckDBPyConnection, path: Path) -> NoticesStatus | None:
    if not path.exists():
        return None
    (found,) = connection.execute(
        "select count(*), coalesce(sum(records_accepted), 0), max(published_on) "
        "from read_parquet(?) where is_current",
        [exactly(path)],
    ).fetchall()
    return NoticesStatus(*found)
