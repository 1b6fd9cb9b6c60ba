"""Extract and validate: from the source to the validated store, batch by batch, notice by notice.

One that fails does not stop the others; each ends in an `Outcome`.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Generic

from orchestration.disk import disk_error
from orchestration.outcomes import Outcome, Outcomes
from orchestration.validated.documents import ValidatedDocuments
from orchestration.validated.lists import ValidatedLists
from orchestration.validated.notices import ValidatedNotices
from orchestration.validated.verdicts import DocumentState
from scrapers.archive import Archive
from scrapers.archiving import ArchivedDocument
from scrapers.cancellations import (
    fetch_cancellation,
    known_cancellations,
    notice_folder,
    refetch_cancellation,
)
from scrapers.documents.table import ListRow, Row
from scrapers.errors import (
    MAX_LINES,
    FilingsError,
    HeldBackError,
    NoticeListError,
    TransientFetchError,
    few,
    first_lines,
)
from scrapers.http import PoliteSession
from scrapers.lists import archive_notices, archived_announcements, batch_key, fetch_list
from scrapers.notices import Announcement, NoticeList, announced, fetch_notices

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Discovery:
    """What is announced, and the notice list it was read from."""

    announcements: dict[int, Announcement]
    notices: NoticeList


@dataclass(frozen=True)
class Wanted(Generic[Row]):
    """A document that a run is about: its folder, its address, and how to have it archived."""

    folder: str
    url: str | None
    fetch: Callable[[], ArchivedDocument[Row]]


@dataclass(frozen=True)
class Attempt:
    """What became of a document: the outcome, and the state of its folder if it got so far."""

    outcome: Outcome
    state: DocumentState | None


def discover(session: PoliteSession, archive: Archive, outcomes: Outcomes) -> Discovery:
    """Every batch announced, by ordinal; notices that were not understood are recorded.

    Raises FetchError or NoticeListError.
    """
    notices = fetch_notices(session)
    outcomes.record_alarms(first_lines([str(alarm) for alarm in notices.alarms]))
    archived = archived_announcements(archive, session.source)
    return Discovery(announced(notices, archived, session.source), notices)


def ingest_lists(
    session: PoliteSession,
    archive: Archive,
    validated: ValidatedLists,
    outcomes: Outcomes,
    batch_nos: Iterable[int],
    run_id: str,
) -> Iterator[Attempt]:
    """Fetch and validate the list of each batch; yields as it goes, so that progress shows.

    Raises FetchError or NoticeListError if the notice list itself cannot be had.
    """
    discovery = discover(session, archive, outcomes)
    archive_notices(archive, discovery.notices)
    wanted = []
    for batch_no in sorted(batch_nos):
        announcement = discovery.announcements.get(batch_no)
        url = announcement.page_url if announcement else None
        fetch = partial(_fetch_list, session, discovery, batch_no, archive)
        wanted.append(Wanted(batch_key(batch_no), url, fetch))
    return _ingest(validated, outcomes, wanted, run_id)


def ingest_notices(
    session: PoliteSession,
    archive: Archive,
    validated: ValidatedNotices,
    outcomes: Outcomes,
    done: Collection[str],
    run_id: str,
) -> Iterator[Attempt]:
    """Fetch and validate every known cancellation notice whose folder is not among the `done`.

    Raises FetchError or NoticeListError if the notice list itself cannot be had.
    """
    notices = fetch_notices(session)
    wanted = []
    for notice in known_cancellations(notices, archive, session.source):
        folder = notice_folder(notice.notice_id)
        if folder not in done:
            fetch = fetch_cancellation if notice in notices.cancellations else refetch_cancellation
            wanted.append(Wanted(folder, notice.file_url, partial(fetch, session, notice, archive)))
    return _ingest(validated, outcomes, wanted, run_id)


def _fetch_list(
    session: PoliteSession, discovery: Discovery, batch_no: int, archive: Archive
) -> ArchivedDocument[ListRow]:
    announcement = discovery.announcements.get(batch_no)
    if announcement is None:
        raise NoticeListError(
            "the source has announced no such batch",
            batch_no=batch_no,
            remedy=f"It has announced {few(map(batch_key, discovery.announcements), MAX_LINES)}",
        )
    return fetch_list(session, announcement, archive)


def _ingest(
    validated: ValidatedDocuments[Row],
    outcomes: Outcomes,
    wanted: Collection[Wanted[Row]],
    run_id: str,
) -> Iterator[Attempt]:
    for attempt in _attempts(validated, wanted, run_id):
        outcomes.record(attempt.outcome)
        yield attempt


def _attempts(
    validated: ValidatedDocuments[Row], wanted: Collection[Wanted[Row]], run_id: str
) -> Iterator[Attempt]:
    # After a new contract or a deleted store, documents that this run is not about, or that cannot
    # be fetched just now, would vanish from the release.
    failed = validated.judge_archived()
    for folder in sorted(set(validated.folders()) - {document.folder for document in wanted}):
        if validated.current(folder) is None:
            error = failed.get(folder) or _held_back(validated, folder, None)
            yield Attempt(_failed(folder, run_id, _now(), error), None)
    for document in wanted:
        yield _attempt(validated, document, run_id)


def _attempt(validated: ValidatedDocuments[Row], document: Wanted[Row], run_id: str) -> Attempt:
    at, folder = _now(), document.folder
    state = None
    try:
        archived = document.fetch()
        tables = {archived.version.version: archived.table} if archived.table else {}
        state = validated.judge(folder, tables)
        if state.latest.status != "accepted":
            raise _held_back(validated, folder, archived.version.url)
        changed = state.latest if state.judged_now else None
        outcome = Outcome(
            folder,
            run_id,
            at,
            version=state.latest.version,
            is_new=archived.is_new,
            rows=state.latest.rows_accepted,
            quarantined=state.latest.rows_quarantined,
            added=changed.added if changed else 0,
            amended=changed.amended if changed else 0,
            gone=changed.gone if changed else 0,
        )
    except FilingsError as error:
        outcome = _failed(folder, run_id, at, validated.located(error, folder))
    except Exception as error:
        if on_disk := disk_error(error, validated.root):
            raise on_disk from error
        # A fault of the program, met in what one document holds, is no reason to stop the others.
        _log.exception("%s", folder)
        unexpected = FilingsError(
            f"the program failed on it ({error!r})",
            url=document.url,
            remedy="The log has the traceback; please report it",
        )
        outcome = _failed(folder, run_id, at, validated.located(unexpected, folder))
    return Attempt(outcome, state)


def _held_back(validated: ValidatedDocuments[Row], folder: str, url: str | None) -> FilingsError:
    verdict = validated.verdicts(folder)[-1]
    error = HeldBackError(
        f"{verdict.status.replace('_', ' ')}: {verdict.reason}", url=url, remedy=verdict.remedy
    )
    return validated.located(error, folder)


def _failed(folder: str, run_id: str, at: str, error: FilingsError) -> Outcome:
    is_transient = isinstance(error, TransientFetchError)
    return Outcome(folder, run_id, at, problem=str(error), is_transient=is_transient)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
