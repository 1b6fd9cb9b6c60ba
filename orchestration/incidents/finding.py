"""Derives incidents from the status of the data directory. Pure functions."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from orchestration.incidents.incident import Incident, run_incident
from orchestration.ingest.results import STOPPED_BY_USER, IngestResult, LastRun
from orchestration.ingest.ticks import Failing, LastTick
from orchestration.inspection.register_status import RegisterStatus, moment
from orchestration.inspection.status import Status
from orchestration.runtime.counts import counted
from scrapers.errors import shortened

# A sensor asks every 15 minutes. An answer that fails for less is asked for again.
UNREAD_FOR = timedelta(hours=1)
# Longer than any sensible FILINGS_POLL_SECONDS.
STOPPED_AFTER = timedelta(hours=6)
REFRESH_JOB = "refresh"
MAX_TITLE = 160
_MORE = re.compile(r"and [\d,]+ more")


def find_incidents(status: Status, now: datetime) -> list[Incident]:
    """The incidents that the status shows, in the order in which an operator should read them.

    While a run is under way, its results are incomplete: the caller must wait for its end.
    """
    return [
        *_run(status),
        *_targets(status),
        *(item for register in status.registers for item in _register(status, register, now)),
        *_other_results(status),
        *_sensor(status, now),
        *_overdue(status, now),
    ]


def _run(status: Status) -> Iterator[Incident]:
    run = status.last_run
    if run and (problem := run_problem(run, is_running=status.is_running)):
        yield run_incident(REFRESH_JOB, problem, run.at)


def run_problem(run: LastRun, *, is_running: bool) -> str | None:
    """Why a run failed; None if it did not, or if the user stopped it."""
    if run.is_finished or is_running or run.problem == STOPPED_BY_USER:
        return None
    if run.problem:
        return f"The run stopped at {run.stage}: {run.problem}"
    return (
        f"The process of the run died during {run.stage} (killed, or power failure). "
        "The release is unchanged; the next run completes"
    )


def _targets(status: Status) -> Iterator[Incident]:
    if status.undelivered:
        title = shortened(status.undelivered[0], MAX_TITLE)
        yield Incident("target", "target", title, "\n".join(status.undelivered), status.read_at)


def _register(status: Status, item: RegisterStatus, now: datetime) -> Iterator[Incident]:
    register = item.register
    title = register.title.en
    if unread := _unread(status, item, now):
        problem, since = unread
        yield Incident(
            f"register/{register.name}",
            "register",
            f"{title}: the announcements cannot be read",
            problem,
            since,
        )
    for key, attempt in item.problems:
        yield _of_result(f"{title}, {register.label(key)}", attempt)
    for alarm in item.alarms:
        # Keyed by its text, since an announcement that is not understood has no other name. The
        # last line only counts those that are not shown.
        is_count = _MORE.fullmatch(alarm)
        digest = "more" if is_count else hashlib.sha256(alarm.encode()).hexdigest()[:12]
        yield Incident(
            f"announcement/{register.name}/{digest}",
            "announcement",
            f"{title}: an announcement was not understood",
            alarm,
            status.read_at,
        )


def _unread(status: Status, item: RegisterStatus, now: datetime) -> tuple[str, str] | None:
    """Why the announcements cannot be read, and since when.

    A run asks several times before it gives up. A tick of the sensor asks once, so it counts only
    after UNREAD_FOR.
    """
    if item.unread:
        return item.unread.problem or "", item.unread.attempted_at
    tick = _current_tick(status, now)
    failing = tick.unread.get(item.register.name) if tick and not _is_old(tick, status) else None
    if tick and failing and _lasts(tick, failing):
        return failing.problem, failing.since
    return None


def _current_tick(status: Status, now: datetime) -> LastTick | None:
    """The last tick, unless the sensor has been stopped since: it says nothing of the present."""
    tick = status.last_tick
    return tick if tick and now - moment(tick.at) <= STOPPED_AFTER else None


def _is_old(tick: LastTick, status: Status) -> bool:
    """Whether a run has asked the source since the tick."""
    last = status.last_finished
    return last is not None and moment(last.at) > moment(tick.at)


def _lasts(tick: LastTick, failing: Failing) -> bool:
    """Whether ticks have failed for so long that it is an incident."""
    return moment(tick.at) - moment(failing.since) > UNREAD_FOR


def _other_results(status: Status) -> Iterator[Incident]:
    """Problems of no register's documents, such as an answer that could not be archived."""
    for attempt in status.other_results:
        yield _of_result(attempt.folder, attempt)


def _of_result(name: str, attempt: IngestResult) -> Incident:
    problem = attempt.problem or ""
    title = shortened(f"{name}: {problem}", MAX_TITLE)
    return Incident(f"document/{attempt.folder}", "document", title, problem, attempt.attempted_at)


def _sensor(status: Status, now: datetime) -> Iterator[Incident]:
    tick = _current_tick(status, now)
    if tick and tick.failing and _lasts(tick, tick.failing):
        title = "The sensor that looks for new documents fails"
        yield Incident("sensor", "sensor", title, tick.failing.problem, tick.failing.since)


def _overdue(status: Status, now: datetime) -> Iterator[Incident]:
    last = status.last_finished
    if last is None or status.is_running or not status.is_overdue(now):
        return
    hours = round((now - moment(last.at)) / timedelta(hours=1))
    text = (
        f"The last run that finished ended at {last.at}, {counted(hours, 'hour', 'hours')} ago. "
        "Check that the timer or the daemon is running"
    )
    yield Incident("overdue", "overdue", "No run has finished for more than a day", text, last.at)
