"""One line for each run that starts or ends, started by any process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.storage.dagster_run import RunRecord
from dagster_shared.error import SerializableErrorInfo

from orchestration.runtime.ui.terminal import first_sentences
from scrapers.errors import shortened

POLL_SECONDS = 2.0
_LATEST = 20
_LONGEST_VALUE = 80
# The tag LABELS_TAG of `defs.partitions`.
_TAG = "filings/documents"
_ENDINGS = {
    DagsterRunStatus.SUCCESS: "succeeded",
    DagsterRunStatus.FAILURE: "failed",
    DagsterRunStatus.CANCELED: "was cancelled",
}
_UNDER_WAY = [
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
logger = logging.getLogger("filings.runs")


class RunLines:
    """Logs the runs of an instance that started or ended since the last call."""

    def __init__(self, instance: DagsterInstance, address: str) -> None:
        self._instance = instance
        self._address = address
        self._known = {run_id: status for run_id, status, _ in self._latest()}

    def log_news(self) -> None:
        """Log each run whose status has changed, the earliest first."""
        for run_id, status, record in reversed(list(self._latest())):
            before, self._known[run_id] = self._known.get(run_id), status
            if status == before:
                continue
            if status == DagsterRunStatus.STARTED:
                logger.info("Run %s started%s", run_id[:8], _documents(record))
            elif status in _ENDINGS:
                self._log_end(record, _ENDINGS[status])

    def _latest(self) -> Iterator[tuple[str, DagsterRunStatus, RunRecord]]:
        for record in self._instance.get_run_records(limit=_LATEST):
            yield record.dagster_run.run_id, record.dagster_run.status, record

    def _log_end(self, record: RunRecord, ending: str) -> None:
        run_id = record.dagster_run.run_id
        if ending == "succeeded":
            seconds = (record.end_time or 0) - (record.start_time or 0)
            logger.info("Run %s succeeded after %.0f seconds", run_id[:8], seconds)
            return
        reason = self._reason(run_id)
        logger.warning(
            "Run %s %s%s. See %s/runs/%s",
            *(run_id[:8], ending, f": {reason}" if reason else "", self._address, run_id),
        )

    def _reason(self, run_id: str) -> str:
        """The message of the error that ended the run, without the name of its class."""
        kinds = {DagsterEventType.RUN_FAILURE, DagsterEventType.RUN_CANCELED}
        for record in self._instance.get_records_for_run(run_id, of_type=kinds).records:
            event = record.event_log_entry.dagster_event
            data = event.event_specific_data if event else None
            step = getattr(data, "first_step_failure_event", None)
            error = getattr(step and step.event_specific_data, "error", None)
            error = error or getattr(data, "error", None)
            if error:
                return _innermost(error)
        return ""


def _innermost(error: SerializableErrorInfo | None) -> str:
    """The message of the innermost error that has one, without the name of its class."""
    messages = []
    while error:
        # An expected error has only its message (see `defs.endings`).
        message = error.message.partition(": ")[2] if error.cls_name else error.message
        messages.append(first_sentences(message).rstrip("."))
        error = error.cause
    return next(filter(None, reversed(messages)), "it was interrupted")


@contextmanager
def logged_runs(instance: DagsterInstance, address: str) -> Iterator[None]:
    """Log runs that start or end in the block, and at its end those that it has interrupted."""
    lines = RunLines(instance, address)
    ended = Event()

    def watch() -> None:
        while not ended.wait(POLL_SECONDS):
            lines.log_news()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        lines.log_news()


def is_run_under_way(instance: DagsterInstance) -> bool:
    """Whether a run is under way that a code server has started (not `filings refresh`)."""
    runs = instance.get_runs(RunsFilter(statuses=_UNDER_WAY), limit=_LATEST)
    return any(run.remote_job_origin for run in runs)


def _documents(record: RunRecord) -> str:
    """The documents of a run, by its tag: `: batch 019, recommendation list 2026-10`."""
    named = record.dagster_run.tags.get(_TAG)
    return f": {shortened(named, _LONGEST_VALUE)}" if named else ""
