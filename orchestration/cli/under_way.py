"""A refresh under way, as the thread sees it that stops it after Ctrl-C or SIGTERM."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from orchestration.cli.render.stages import when
from orchestration.ingest.results import FINISHED, STOPPED_BY_USER, IngestResults, LastRun
from orchestration.publication.latest import latest_release
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import RELEASE, ProgressEvent
from orchestration.runtime.run_lock import RunUnderWayError, is_held_here, run_lock

if TYPE_CHECKING:
    import dagster as dg

AGAIN = "Run again to go on."


@dataclass
class UnderWay:
    """What a refresh has begun. The refresh fills it in, the thread that stops it reads it."""

    data: DataDir
    run_id: str = field(default_factory=lambda: str(uuid4()))
    stage: str = ""
    is_published: bool = False
    instance: "dg.DagsterInstance | None" = None
    before: Path | None = None

    def __post_init__(self) -> None:
        self.before = latest_release(self.data.published)

    def note(self, event: ProgressEvent) -> None:
        """Follow the progress of the run."""
        if event.is_of_stage:
            self.stage = event.stage
            self.is_published = event.stage == RELEASE and event.ending is not None

    @property
    def line(self) -> str:
        """What a user must know who stops the refresh now."""
        latest = latest_release(self.data.published)
        if latest and latest != self.before:
            return f"Stopped after publication; release {latest.name} is complete."
        if self.is_published:
            return "Stopped at the end; the latest release is up to date."
        return f"Stopped {when(self.stage)}; nothing was half-published. {AGAIN}"

    def record_stop(self) -> None:
        """Record in Dagster and for `filings status` that the user stopped the run."""
        # If it cannot be recorded, the next run finds the run dead and closes it.
        with suppress(Exception):
            self._record_for_status()
        with suppress(Exception):
            self._cancel_run()

    @property
    def _is_complete(self) -> bool:
        return self.is_published or latest_release(self.data.published) != self.before

    def _record_for_status(self) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        stopped = LastRun(self.run_id, self.stage, at, STOPPED_BY_USER)
        if self._is_complete:
            stopped = LastRun(self.run_id, FINISHED, at)
        results = IngestResults(self.data.ingest_results)
        if is_held_here(self.data.root):
            results.record_run(stopped)
            return
        # Another run may hold the lock, whose record must stay.
        with suppress(RunUnderWayError), run_lock(self.data.root, patience_seconds=0):
            results.record_run(stopped)

    def _cancel_run(self) -> None:
        run = self.instance.get_run_by_id(self.run_id) if self.instance else None
        if self.instance and run and not run.is_finished:
            moment = "after publication" if self._is_complete else when(self.stage)
            self.instance.report_run_canceled(run, f"The user stopped the run {moment}.")
