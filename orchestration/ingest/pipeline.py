"""Extract and validate: from the source to the validated store, batch by batch, notice by notice.

One that fails does not stop the others; each ends in an `Outcome`.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Generic

from orchestration.ingest.results import Outcome, Outcomes
from orchestration.ingest.sightings import Sighting, background_of
from orchestration.runtime.disk import disk_error
from orchestration.runtime.progress import Step, tell
from orchestration.validation.documents import ValidatedDocuments
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.notices import ValidatedNotices
from orchestration.validation.results import DocumentState
from scrapers.archive.archiving import ArchivedDocument
from scrapers.archive.prior_state import Background
from scrapers.archive.store import Archive, is_batch
from scrapers.documents.table import Row
from scrapers.errors import (
    ArchiveError,
    FilingsError,
    HeldBackError,
    TransientFetchError,
    first_lines,
)
from scrapers.http.session import PoliteSession
from scrapers.registers.cancellations import (
    fetch_cancellation,
    known_cancellations,
    notice_folder,
    refetch_cancellation,
)
from scrapers.registers.discovery.notice_list import (
    Announcement,
    NoticeList,
    announced,
    fetch_notices,
    gaps_in,
    within_reach,
)
from scrapers.registers.lists import (
    NOTICE_LIST,
    archive_notices,
    archived_announcements,
    batch_key,
    fetch_list,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Discovery:
    """What is announced, and the notice list it was read from; `unreadable` are batches whose
    folder in the archive cannot be read, so that it does not say where they were announced."""

    announcements: dict[int, Announcement]
    notices: NoticeList
    unreadable: frozenset[int] = frozenset()

    @property
    def batch_nos(self) -> set[int]:
        """Every batch that there is. Others were announced by mistake."""
        return {*self.announcements, *self.unreadable}

    @property
    def gaps(self) -> list[str]:
        """The batches below the highest one of which no announcement was found: 002, 004 to 009."""
        return [
            batch_key(first) if first == last else f"{batch_key(first)} to {batch_key(last)}"
            for first, last in gaps_in(self.announcements)
        ]


@dataclass(frozen=True)
class Wanted(Generic[Row]):
    """A document that a run is about: its folder, its address, and how to have it archived."""

    folder: str
    url: str | None
    fetch: Callable[[Background], ArchivedDocument[Row]]


@dataclass(frozen=True)
class Attempt:
    """What became of a document: the outcome, and the state of its folder if it got so far."""

    outcome: Outcome
    state: DocumentState | None


def discover(session: PoliteSession, archive: Archive, outcomes: Outcomes) -> Discovery:
    """Every batch announced, by ordinal; notices that were not understood are recorded.

    Raises FetchError or NoticeListError.
    """
    archived = archived_announcements(archive, session.source)
    notices = within_reach(fetch_notices(session), [item.batch_no for item in archived])
    outcomes.record_alarms(first_lines([str(alarm) for alarm in notices.alarms]))
    unreadable = frozenset(int(folder) for folder in archive.unreadable() if is_batch(folder))
    return Discovery(announced(notices, archived, session.source), notices, unreadable)


def ingest_lists(
    session: PoliteSession,
    archive: Archive,
    validated: ValidatedLists,
    outcomes: Outcomes,
    batch_nos: Iterable[int],
    run_id: str,
) -> Iterator[Attempt]:
    """Fetch and validate the list of each batch; yields as it goes, so that progress shows.

    A batch that is not announced after all is left out, and its outcome is dropped. Raises
    FetchError or NoticeListError if the notice list itself cannot be had.
    """
    discovery = discover(session, archive, outcomes)
    not_kept = _keep_notices(archive, outcomes, discovery.notices, run_id)
    for outcome in outcomes.batches():
        if int(outcome.folder) not in discovery.batch_nos:
            outcomes.forget(outcome.folder)
    wanted = []
    for batch_no in sorted(batch_nos):
        announcement = discovery.announcements.get(batch_no)
        if announcement is None:
            # Its partition was made when the source announced it, and it does so no more.
            tell(Step("lists", f"batch {batch_key(batch_no)}  not announced after all: left out"))
            continue
        fetch = partial(fetch_list, session, announcement, archive)
        wanted.append(Wanted(batch_key(batch_no), announcement.page_url, fetch))
    known = set(map(batch_key, discovery.batch_nos))
    return chain(not_kept, _ingest(validated, outcomes, wanted, known, run_id))


def _keep_notices(
    archive: Archive, outcomes: Outcomes, notices: NoticeList, run_id: str
) -> list[Attempt]:
    """Archive the notice list. What is wrong with its folder is no reason to stop the batches."""
    outcomes.forget(NOTICE_LIST)
    try:
        archive_notices(archive, notices)
    except ArchiveError as error:
        outcome = _failed(NOTICE_LIST, run_id, _now(), error)
        outcomes.record(outcome)
        return [Attempt(outcome, None)]
    return []


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
    return _ingest(validated, outcomes, wanted, validated.folders(), run_id)


def _ingest(
    validated: ValidatedDocuments[Row],
    outcomes: Outcomes,
    wanted: Collection[Wanted[Row]],
    known: Collection[str],
    run_id: str,
) -> Iterator[Attempt]:
    for attempt in _attempts(validated, outcomes, wanted, known, run_id):
        outcomes.record(attempt.outcome)
        yield attempt


def _attempts(
    validated: ValidatedDocuments[Row],
    outcomes: Outcomes,
    wanted: Collection[Wanted[Row]],
    known: Collection[str],
    run_id: str,
) -> Iterator[Attempt]:
    # After a new contract or a deleted store, documents that this run is not about, or that cannot
    # be fetched just now, would vanish from the release.
    failed = validated.judge_archived()
    others = set(validated.folders()) & set(known)
    for folder in sorted(others - {document.folder for document in wanted}):
        if validated.current(folder) is None:
            error = failed.get(folder) or _held_back(validated, folder, None)
            yield Attempt(_failed(folder, run_id, _now(), error), None)
    for document in wanted:
        yield _attempt(validated, document, outcomes.of(document.folder), run_id)


def _attempt(
    validated: ValidatedDocuments[Row], document: Wanted[Row], last: Outcome | None, run_id: str
) -> Attempt:
    at, folder = _now(), document.folder
    state = None
    seen = Sighting.before(last)
    try:
        archived = document.fetch(background_of(validated, folder, seen))
        seen = seen.followed_by(archived, at)
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
    return Attempt(seen.told_in(outcome), state)


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
