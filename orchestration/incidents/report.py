"""Tells the operator what has changed since the last time: once per incident, not per run.

Everything follows from the records of the data directory, so that it does not matter who reports:
`filings refresh`, the sensors of Dagster, or `filings alert`. What could not be sent is sent by the
next report.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from orchestration.incidents.book import Book, read_book, settle, write_book
from orchestration.incidents.finding import REFRESH_JOB, find_incidents
from orchestration.incidents.incident import Incident, run_incident
from orchestration.incidents.messages import healed_message, problem_message, release_message
from orchestration.incidents.sending import SendingError, ping, post
from orchestration.ingest.results import IngestResults
from orchestration.inspection.status import Status, read_status
from orchestration.publication.latest import latest_release
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import is_run_alive
from orchestration.settings import AlertSettings
from scrapers.errors import FilingsError

# A sensor must end in time; it reports again after a while. A command does not come back.
ATTEMPTS_OF_COMMANDS = 3


@dataclass(frozen=True)
class Ended:
    """A run that has ended, as the caller knows it.

    `problem` is why it failed, if the records of the data directory do not say so: the disk may be
    full, or the run ended before it could write anything. `is_good` is true for a run that
    succeeded.
    """

    job: str
    problem: str | None = None
    is_good: bool = False


def report(
    data: DataDir, alerts: AlertSettings, ended: Ended | None = None, attempts: int = 1
) -> list[str]:
    """Compare the state of the data directory with the book of incidents, and send what is new.

    While a run is under way its results are incomplete. Then only `ended` is taken into account,
    and the report at the end of that run does the rest. Returns warnings: messages that could not
    be sent, and a book that could not be written.
    """
    with _alone(data):
        at = current_time()
        before = read_book(data.root)
        status: Status | None = None
        if is_run_alive(data.root, watch_seconds=0):
            found = before.open
        else:
            status, found = _look(data, before, at)
        if ended and ended.problem:
            found = [item for item in found if item.job != ended.job]
            found.append(run_incident(ended.job, ended.problem, at.isoformat()))
        book = settle(before, found, _good_runs(data, ended, at))
        book, warnings = _send_incidents(data, alerts, book, at, attempts)
        if status:
            book, more = _send_news(data, alerts, status, book, at, attempts)
            warnings += more
        book = replace(book, undelivered=warnings[0] if warnings else None)
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
    if status.is_running:
        return book.open
    return settle(book, find_incidents(status, now), _good_runs(data, None, now)).open


def _look(data: DataDir, book: Book, at: datetime) -> tuple[Status | None, list[Incident]]:
    """The status and its incidents. If it cannot be read, what was open stays open."""
    try:
        status = read_status(data)
    except FilingsError as error:
        unreadable = run_incident(REFRESH_JOB, str(error), at.isoformat())
        return None, [*(item for item in book.open if item.key != unreadable.key), unreadable]
    return status, find_incidents(status, at)


def _good_runs(data: DataDir, ended: Ended | None, at: datetime) -> dict[str, str]:
    """A name of the last good run of each job, as far as it is known."""
    found = {}
    if last := IngestResults(data.ingest_results).last_finished():
        found[REFRESH_JOB] = last.run_id
    if ended and ended.is_good and ended.job != REFRESH_JOB:
        found[ended.job] = at.isoformat()
    return found


def _send_incidents(
    data: DataDir, alerts: AlertSettings, book: Book, at: datetime, attempts: int
) -> tuple[Book, list[str]]:
    if not alerts.alert_url:
        return replace(book, healed=()), []
    try:
        if book.untold:
            post(alerts.alert_url, problem_message(data.root, book.untold, at), attempts)
            book = book.with_told()
        if book.healed:
            post(alerts.alert_url, healed_message(data.root, book.healed, at), attempts)
            book = replace(book, healed=())
    except SendingError as error:
        return book, [f"FILINGS_ALERT_URL: {error}"]
    return book, []


def _send_news(
    data: DataDir, alerts: AlertSettings, status: Status, book: Book, at: datetime, attempts: int
) -> tuple[Book, list[str]]:
    """Send a heartbeat for a run that has finished since the last one, and announce a release."""
    warnings = []
    last, latest = status.last_finished, latest_release(data.published)
    if alerts.heartbeat_url and last and last.run_id != book.heartbeat_run:
        try:
            ping(alerts.heartbeat_url, attempts)
            book = replace(book, heartbeat_run=last.run_id)
        except SendingError as error:
            warnings.append(f"FILINGS_HEARTBEAT_URL: {error}")
    if alerts.release_url and latest and latest.name != book.announced:
        try:
            post(alerts.release_url, release_message(data.root, latest, at), attempts)
            book = replace(book, announced=latest.name)
        except SendingError as error:
            warnings.append(f"FILINGS_RELEASE_URL: {error}")
    return book, warnings


@contextmanager
def _alone(data: DataDir) -> Iterator[None]:
    """Hold a lock, so that two reports do not tell the same. A folder can be locked read-only."""
    try:
        handle = os.open(data.root, os.O_RDONLY)
    except OSError:
        # There is no data directory, so there is no other report.
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
