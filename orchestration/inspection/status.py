"""The status of the data directory, as `filings status` shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.ingest.results import IngestResult, IngestResults, LastRun, problem_texts
from orchestration.ingest.ticks import LastTick, read_tick
from orchestration.inspection.register_status import (
    RegisterStatus,
    is_long_ago,
    moment,
    read_register,
)
from orchestration.publication.changes import KINDS
from orchestration.publication.latest import descriptor, latest_release, releases
from orchestration.publication.totals import new_registers, release_totals
from orchestration.publication.unread import unread_filings
from orchestration.runtime.clock import clock_warnings
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.globs import exactly
from orchestration.runtime.run_lock import is_run_alive
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.lookup import contract_of
from orchestration.warehouse.build_cache import last_warnings
from scrapers.errors import FilingsError
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register


@dataclass(frozen=True)
class ReleaseStatus:
    """The latest release.

    `totals` has a text per register, such as "7,764 filings in 18 batches". `changed` counts, by
    kind of change, the filings that differ from the previous release. It is None for the first
    release. `new_registers` has a text per register that the previous release has no rows of, such
    as "Recommendation algorithms (1,014 filings)". `unread` counts the filings without a reading of
    their present texts.
    """

    name: str
    made_at: datetime | None
    totals: Sequence[str]
    changed: dict[str, int] | None
    new_registers: Sequence[str]
    unread: int = 0


@dataclass(frozen=True)
class Status:
    """The status of the data directory.

    `problems` are those that concern no single document: announcements that could not be read.
    `remarks` are about documents that are missing at the source or were replaced by an older
    version. `warnings` come from the dbt tests of the last build and from the clock. `is_running`
    is true if the last run has not ended: it still holds the run lock. `other_results` are failed
    attempts that concern no document of a register. `undelivered` are the problems of targets that
    did not get the latest release. `read_at` is when the status was read (ISO 8601).
    """

    release: ReleaseStatus | None
    last_run: LastRun | None
    last_finished: LastRun | None
    registers: Sequence[RegisterStatus]
    problems: Sequence[str]
    remarks: Sequence[str]
    warnings: Sequence[str]
    is_running: bool = False
    other_results: Sequence[IngestResult] = ()
    last_tick: LastTick | None = None
    undelivered: Sequence[str] = ()
    read_at: str = ""

    def is_overdue(self, now: datetime) -> bool:
        """Whether no run has finished within OVERDUE."""
        return self.last_finished is None or is_long_ago(self.last_finished.at, now)

    def of(self, register: Register) -> RegisterStatus:
        """The status of a register. Raises StopIteration if it is not among those read."""
        return next(item for item in self.registers if item.register.name == register.name)


def read_status(
    data: DataDir, contracts: Sequence[tuple[Register, Contract]] | None = None
) -> Status:
    """Read the status of these registers, or of all. Missing files count as not yet written.

    Raises FilingsError if a table of the validated store cannot be read.
    """
    pairs = contracts or [(register, contract_of(register.name)) for register in REGISTERS]
    try:
        return _read(data, pairs)
    except duckdb.Error as error:
        raise FilingsError(
            str(error), remedy="Delete data/validated/; the next run rebuilds it"
        ) from error


def _read(data: DataDir, pairs: Sequence[tuple[Register, Contract]]) -> Status:
    results = IngestResults(data.ingest_results)
    found = results.all()
    registers = [register for register, _ in pairs]
    others = [
        item for item in found if not any(register.owns(item.folder) for register in registers)
    ]
    last_run = results.last_run()
    has_ended = last_run is None or last_run.is_finished or last_run.problem
    with duckdb.connect() as connection:
        return Status(
            release=_release(connection, data.published, registers),
            last_run=last_run,
            is_running=not has_ended and is_run_alive(data.root, watch_seconds=0),
            last_finished=results.last_finished(),
            registers=[read_register(connection, data.validated, results, *pair) for pair in pairs],
            problems=problem_texts(others),
            other_results=[item for item in others if item.problem and not item.discovery_of],
            undelivered=results.delivery_problems(),
            last_tick=read_tick(data.ingest_results),
            read_at=datetime.now(UTC).isoformat(timespec="seconds"),
            remarks=[remark for item in found for remark in item.remarks],
            warnings=last_warnings(data) + clock_warnings(data.archive),
        )


def _release(
    connection: duckdb.DuckDBPyConnection, published: Path, registers: Sequence[Register]
) -> ReleaseStatus | None:
    latest = latest_release(published)
    if latest is None:
        return None
    package = descriptor(latest)
    others = [path for path in releases(published) if path.name < latest.name]
    return ReleaseStatus(
        latest.name,
        moment(package["created"]) if "created" in package else None,
        release_totals(package, registers),
        _changed(connection, latest / "parquet" / "changes.parquet") if others else None,
        new_registers(package, descriptor(others[-1]), registers) if others else [],
        unread_filings(connection, latest),
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
