"""The resource of all assets, checks and sensors: a data directory, and sessions with the source.

A run that uses it holds the run lock from its first step to its last, and starts by restoring
damaged sidecars of the archive.
"""

import logging
import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError
from pydantic import PrivateAttr

from orchestration.defs.endings import RunEndedError, RunStoppedError
from orchestration.defs.names import CHECK_STORES, MAINTAIN
from orchestration.defs.triggers import publishes, trigger_of
from orchestration.ingest.handed_over import drop_outdated
from orchestration.ingest.results import FINISHED, STOPPED_BY_USER, IngestResults, LastRun
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.disk import disk_error, require_writable
from orchestration.runtime.interrupts import whole
from orchestration.runtime.progress import STORES, ProgressEvent, emit, warnings_as_progress
from orchestration.runtime.recorded_sources import record_source, recorded_sources, require_source
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import Settings
from orchestration.validation.contracts.base import Contract
from orchestration.validation.reviews import read_reviews
from orchestration.validation.store import ValidatedStore
from orchestration.warehouse.project import SEEDS_DIR
from scrapers.archive.store import Archive
from scrapers.errors import FilingsError
from scrapers.http.responses import Fetched
from scrapers.http.retries import ATTEMPTS
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Register

NAME = "workspace"
FETCH_NOTHING = {CHECK_STORES, MAINTAIN}

# The packages that log warnings about damage that they repaired, and work that they did again.
_STORES = ("scrapers", "orchestration.validation", "orchestration.publication")
STOPPED_AT_START = "The user stopped the run at the start; nothing was half-published"

_log = logging.getLogger(__name__)


class Workspace(dg.ConfigurableResource["Workspace"]):
    """The stores of one data directory, and sessions with the source.

    Create it by `from_settings`. The fields are those of `Settings`.
    """

    source: str
    cac_url: str
    beian_url: str
    data_dir: str
    replica_batches: int | None = None
    poll_seconds: int
    requests_per_second: float
    contact: str = ""
    user_agent: str = ""

    _trigger: str | None = PrivateAttr(default=None)
    _is_recorded: bool = PrivateAttr(default=True)
    _pages: dict[str, Fetched] | None = PrivateAttr(default=None)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Workspace":
        """Create the resource from settings."""
        return cls(**workspace_config(settings))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Workspace"]:
        """Hold the run lock for the whole run, and prepare the data directory.

        Raises RunEndedError before anything is written if the data directory was made from another
        source. Jobs that fetch nothing may run anyway. Raises the same error if the directory
        cannot be written, or another run does not end.
        """
        self._trigger = trigger_of(context.run) if context.run else None
        self._is_recorded = context.run is None or publishes(context.run)
        with ExitStack() as stack:
            try:
                stack.enter_context(self._prepared(context))
            except FilingsError as error:
                raise RunEndedError(str(error)) from error
            except (KeyboardInterrupt, DagsterExecutionInterruptedError):
                raise RunStoppedError(STOPPED_AT_START) from None
            # Not for the ticks of the sensor, which ask the source again.
            self._pages = {}
            stack.callback(setattr, self, "_pages", None)
            yield self

    @contextmanager
    def _prepared(self, context: dg.InitResourceContext) -> Iterator[None]:
        """Hold the run lock over a prepared data directory. Raises FilingsError."""
        fetches = context.run is None or context.run.job_name not in FETCH_NOTHING
        if fetches:
            require_source(self.data, self.source)
        require_writable(self.data.root)
        with (
            run_lock(self.data.root),
            warnings_as_progress(STORES, context.log or _log, *_STORES),
        ):
            if fetches:
                # Another run may have recorded its source while this one waited for the lock.
                require_source(self.data, self.source)
                record_source(self.data, self.source)
            drop_outdated()
            self.data.upgrade()
            self.archive.repair_sidecars()
            yield

    @property
    def settings(self) -> Settings:
        fields = {name: getattr(self, name) for name in Settings.__dataclass_fields__}
        return Settings(**fields | {"data_dir": Path(self.data_dir)})

    @property
    def data(self) -> DataDir:
        return DataDir(Path(self.data_dir))

    @property
    def archive(self) -> Archive:
        return self.data.archive

    @property
    def results(self) -> IngestResults:
        return IngestResults(self.data.ingest_results)

    def store(self, register: Register, contract: Contract) -> ValidatedStore:
        """The validated store of a register, with its contract and reviews."""
        reviews = read_reviews(register, contract, SEEDS_DIR)
        first_source = next(iter(recorded_sources(self.data)), None)
        return ValidatedStore(
            self.data.validated, self.archive, register, contract, reviews, first_source
        )

    def record_stage(
        self, run_id: str, stage: str, problem: str | None = None, failures: int = 0
    ) -> None:
        """Record the stage that the run has reached, for `filings status`.

        A run of single assets or checks is not recorded: it would never finish.
        """
        if not self._is_recorded:
            return
        at = datetime.now(UTC).isoformat(timespec="seconds")
        run = LastRun(run_id, stage, at, problem, failures, trigger=self._trigger)
        with whole():
            self.results.record_run(run)

    def record_failures(self, run_id: str, failures: int) -> None:
        """Record how many documents failed in a run that has published a release."""
        last = self.results.last_run()
        if last and last.is_finished and last.run_id == run_id:
            self.record_stage(run_id, FINISHED, failures=failures)

    @contextmanager
    def stage(self, run_id: str, stage: str) -> Iterator[None]:
        """Record that the run has reached a stage, and what stopped it there, if anything did.

        Raises RunStoppedError if the user stopped it, and RunEndedError in place of a FilingsError
        or an error of the disk. Any other exception is a bug, and is raised again with its stack.
        """
        try:
            self.record_stage(run_id, stage)
            yield
        except (KeyboardInterrupt, DagsterExecutionInterruptedError):
            self.record_stage(run_id, stage, STOPPED_BY_USER)
            message = f"The user stopped the run during {stage}; nothing was half-published"
            raise RunStoppedError(message) from None
        except (dg.Failure, dg.RetryRequested):
            raise
        except Exception as error:
            known = error if isinstance(error, FilingsError) else disk_error(error, self.data.root)
            bug = f"the program failed ({error!r}). The traceback is in the run; please report it"
            self._record_problem(run_id, stage, str(known or bug))
            if known:
                raise RunEndedError(str(known)) from error
            raise

    def _record_problem(self, run_id: str, stage: str, problem: str) -> None:
        """Record what stopped the run. A full disk must not hide it, so it may go unrecorded."""
        emit(ProgressEvent(stage, "failed", ending="failed"))
        with suppress(OSError):
            self.record_stage(run_id, stage, problem)

    @contextmanager
    def session(
        self,
        attempts: int = ATTEMPTS,
        deadline_seconds: float | None = None,
        total_seconds: float = math.inf,
    ) -> Iterator[PoliteSession]:
        """Open an HTTP session with the source, and close it at the end of the block.

        The sessions of a run share the pages that announce documents.
        """
        session = self.settings.open_session(attempts, deadline_seconds, total_seconds)
        if self._pages is not None:
            session.pages = self._pages
        try:
            yield session
        finally:
            session.close()


def workspace_config(settings: Settings) -> dict[str, Any]:
    """The fields of the resource for these settings, also as config of a run."""
    return asdict(settings) | {"data_dir": str(settings.data_dir)}
