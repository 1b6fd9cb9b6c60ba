"""Reports to the operator what has changed since the last report: once per incident, not per run.

Everything follows from the records of the data directory, so that it does not matter who reports:
`filings refresh`, the sensors of Dagster, or `filings alert`. What could not be sent is sent by the
next report.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from orchestration.incidents.book import Book, read_book, settle, write_book
from orchestration.incidents.finding import REFRESH_JOB, find_incidents
from orchestration.incidents.incident import (
    Incident,
    is_service,
    run_incident,
    service_incident,
)
from orchestration.incidents.messages import healed_message, problem_message, release_message
from orchestration.incidents.sending import Sender, SendingError
from orchestration.ingest.results import IngestResults
from orchestration.inspection.status import Status, read_status
from orchestration.publication.latest import latest_release
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import is_run_alive
from orchestration.settings import AlertSettings
from scrapers.errors import FilingsError

_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Effort:
    """How long a report may take, in seconds, and how often it sends a message.

    Dagster ends a tick of a sensor after a minute, most of which is for the source. A sensor
    reports again anyway.
    """

    seconds: float
    attempts: int


OF_SENSORS = Effort(8, 1)
OF_COMMANDS = Effort(60, 3)


@dataclass(frozen=True)
class Ended:
    """A run or a service that has ended, as the caller knows it.

    `problem` is why it failed, if the records of the data directory do not say so: the disk may be
    full, or the run ended before it could write anything. `is_good` is true for a run of another
    job than `refresh` that succeeded, and for a service that runs; that of `refresh` is recorded.
    """

    job: str
    problem: str | None = None
    is_good: bool = False


def report(
    data: DataDir,
    alerts: AlertSettings,
    ended: Ended | None = None,
    effort: Effort = OF_SENSORS,
) -> list[str]:
    """Compare the state of the data directory with the book of incidents, and send what is new.

    While a run is under way its results are incomplete. Then only `ended` is taken into account,
    and the report at the end of that run does the rest. Returns warnings: messages that could not
    be sent, and a book that could not be written.
    """
    with _alone(data, effort.seconds) as is_alone:
        if not is_alone:
            return ["another report is under way; the next one sends what is new"]
        return _report(data, alerts, ended, Sender(effort.seconds, effort.attempts))


def _report(data: DataDir, alerts: AlertSettings, ended: Ended | None, sender: Sender) -> list[str]:
    at = current_time()
    before = read_book(data.root)
    if is_run_alive(data.root, watch_seconds=0):
        status, found = None, _of_no_job(before)
    else:
        status, found = _look(data, before, at)
    if ended and ended.problem:
        found = _with_problem(found, before, ended.job, ended.problem, at)
    book = settle(before, found, _good_runs(data, ended, at))
    book, warnings = _send_incidents(data, alerts, book, at, sender)
    if status:
        book, more = _send_news(data, alerts, status, book, at, sender)
        warnings += more
    book = replace(book, failed_message=warnings[0] if warnings else None)
    if book != before:
        try:
            write_book(data.root, book)
        except OSError as error:
            warnings.append(f"the book of incidents cannot be written: {error.strerror}")
    return warnings


def current_time() -> datetime:
    """The time, to the second as in the records of runs."""
    return datetime.now(UTC).replace(microsecond=0)


def open_incidents(data: DataDir, status: Status, now: datetime) -> list[Incident]:
    """The incidents that are open now: those that the status shows, and failed runs in the book."""
    book = read_book(data.root)
    found = _of_no_job(book) if status.is_running else find_incidents(status, now)
    return settle(book, found, _good_runs(data, None, now)).open


def _of_no_job(book: Book) -> list[Incident]:
    """The open incidents whose end only the status shows. The book knows the end of the others."""
    return [item for item in book.open if item.job is None]


def _look(data: DataDir, book: Book, at: datetime) -> tuple[Status | None, list[Incident]]:
    """The status and its incidents. If it cannot be read, what was open stays open."""
    try:
        status = read_status(data)
    except FilingsError as error:
        return None, [*_of_no_job(book), run_incident(REFRESH_JOB, str(error), at.isoformat())]
    return status, find_incidents(status, at)


def _with_problem(
    found: list[Incident], book: Book, job: str, problem: str, at: datetime
) -> list[Incident]:
    """The incidents with that of the job. A service that fails while others are open is one."""
    if is_service(job):
        is_explained = bool(found or [item for item in book.open if item.job != job])
        return found if is_explained else [service_incident(job, problem, at.isoformat())]
    others = [item for item in found if item.job != job]
    return [*others, run_incident(job, problem, at.isoformat())]


def _good_runs(data: DataDir, ended: Ended | None, at: datetime) -> dict[str, str]:
    """A name of the last good run of each job, as far as it is known."""
    found = {}
    if last := IngestResults(data.ingest_results).last_finished():
        found[REFRESH_JOB] = last.run_id
    if ended and ended.is_good and ended.job != REFRESH_JOB:
        found[ended.job] = at.isoformat()
    return found


def _send_incidents(
    data: DataDir, alerts: AlertSettings, book: Book, at: datetime, sender: Sender
) -> tuple[Book, list[str]]:
    if not alerts.alert_url:
        return replace(book, healed=()), []
    try:
        if book.unsent:
            sender.post(alerts.alert_url, problem_message(data.root, book.unsent, at))
            book = book.with_sent()
        if book.healed:
            sender.post(alerts.alert_url, healed_message(data.root, book.healed, at))
            book = replace(book, healed=())
    except SendingError as error:
        return book, [f"FILINGS_ALERT_URL: {error}"]
    return book, []


def _send_news(
    data: DataDir, alerts: AlertSettings, status: Status, book: Book, at: datetime, sender: Sender
) -> tuple[Book, list[str]]:
    """Send a heartbeat for a run that has finished since the last one, and announce a release."""
    warnings = []

    def is_sent(name: str, send: Callable[[], None]) -> bool:
        try:
            send()
        except SendingError as error:
            warnings.append(f"{name}: {error}")
            return False
        return True

    last, latest = status.last_finished, latest_release(data.published)
    if (
        alerts.heartbeat_url
        and last
        and last.run_id != book.heartbeat_run
        and is_sent("FILINGS_HEARTBEAT_URL", lambda: sender.ping(alerts.heartbeat_url))
    ):
        book = replace(book, heartbeat_run=last.run_id)
    if alerts.release_url and latest and latest.name != book.announced:
        message = release_message(data.root, latest, at)
        if is_sent("FILINGS_RELEASE_URL", lambda: sender.post(alerts.release_url, message)):
            book = replace(book, announced=latest.name)
    return book, warnings


@contextmanager
def _alone(data: DataDir, seconds: float) -> Iterator[bool]:
    """Hold a lock, so that two reports do not send the same; False if it takes too long.

    The lock is on the folder, which can be locked even if it is read-only.
    """
    try:
        handle = os.open(data.root, os.O_RDONLY)
    except OSError:
        # There is no data directory, so there is no other report.
        yield True
        return
    try:
        yield _locked(handle, time.monotonic() + seconds)
    finally:
        os.close(handle)


def _locked(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        except OSError:
            return True  # a file system without locks
        else:
            return True
