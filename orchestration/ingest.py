"""Extract and validate: for each batch asked for, from the source to the validated store.

A batch that fails does not stop the others; every batch ends in an `Outcome`.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration.outcomes import Outcome, Outcomes
from orchestration.validated import ValidatedStore
from orchestration.verdicts import BatchState, Verdict
from scrapers.archive import Archive
from scrapers.errors import (
    FilingsError,
    HeldBackError,
    NoticeListError,
    TransientFetchError,
)
from scrapers.http import PoliteSession
from scrapers.lists import (
    archive_notices,
    archived_announcements,
    batch_key,
    fetch_list,
)
from scrapers.notices import Announcement, NoticeList, announced, fetch_notices

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Discovery:
    """What is announced, and the notice list it was read from."""

    announcements: dict[int, Announcement]
    notices: NoticeList


def discover(session: PoliteSession, archive: Archive) -> Discovery:
    """Every batch announced, by ordinal. Raises FetchError or NoticeListError."""
    notices = fetch_notices(session)
    return Discovery(announced(notices, archived_announcements(archive), session.source), notices)


def ingest(
    session: PoliteSession,
    archive: Archive,
    validated: ValidatedStore,
    outcomes: Outcomes,
    batch_nos: Iterable[int],
    run_id: str,
) -> Iterator[tuple[Outcome, BatchState | None]]:
    """Fetch and validate each batch; yields as it goes, so that progress can be shown.

    Raises FetchError or NoticeListError if the notice list itself cannot be had.
    """
    discovery = discover(session, archive)
    archive_notices(archive, discovery.notices)
    wanted = sorted(batch_nos)
    # After a new contract or a deleted store, batches that this run is not about, or that cannot
    # be fetched just now, would vanish from the release.
    failed = validated.judge_archived()
    for batch_no in archive.batch_nos():
        if batch_no not in wanted and validated.current(batch_no) is None:
            error = failed.get(batch_no) or _held_back(validated.verdicts(batch_no)[-1], None)
            outcome = _failed(batch_no, run_id, _now(), error)
            outcomes.record(outcome)
            yield outcome, None
    for batch_no in wanted:
        outcome, state = _ingest_batch(session, archive, validated, discovery, batch_no, run_id)
        outcomes.record(outcome)
        yield outcome, state


def _ingest_batch(
    session: PoliteSession,
    archive: Archive,
    validated: ValidatedStore,
    discovery: Discovery,
    batch_no: int,
    run_id: str,
) -> tuple[Outcome, BatchState | None]:
    at = _now()
    state = None
    try:
        announcement = discovery.announcements.get(batch_no)
        if announcement is None:
            raise NoticeListError(
                "the source has announced no such batch",
                batch_no=batch_no,
                remedy=f"It has announced {', '.join(map(batch_key, discovery.announcements))}",
            )
        listed = fetch_list(session, announcement, archive)
        tables = {listed.version.version: listed.table} if listed.table else {}
        state = validated.judge(batch_no, tables)
        if state.latest.status != "accepted":
            raise _held_back(state.latest, listed.version.url)
        changed = state.latest if state.judged_now else None
        outcome = Outcome(
            batch_no,
            run_id,
            at,
            list_version=state.latest.list_version,
            is_new=listed.is_new,
            rows=state.latest.rows_accepted,
            quarantined=state.latest.rows_quarantined,
            added=changed.added if changed else 0,
            amended=changed.amended if changed else 0,
            gone=changed.gone if changed else 0,
        )
    except FilingsError as error:
        outcome = _failed(batch_no, run_id, at, error)
    except Exception as error:
        # A fault of the program, met in what one batch holds, is no reason to stop the others.
        _log.exception("batch %s", batch_key(batch_no))
        outcome = _failed(batch_no, run_id, at, _unexpected(error, discovery, batch_no))
    return outcome, state


def _held_back(verdict: Verdict, url: str | None) -> HeldBackError:
    return HeldBackError(
        f"{verdict.status.replace('_', ' ')}: {verdict.reason}",
        url=url,
        batch_no=verdict.batch_no,
        remedy=verdict.remedy,
    )


def _unexpected(error: Exception, discovery: Discovery, batch_no: int) -> FilingsError:
    announcement = discovery.announcements.get(batch_no)
    return FilingsError(
        f"the program failed on it ({error!r})",
        url=announcement.page_url if announcement else None,
        batch_no=batch_no,
        remedy="The log has the traceback; please report it",
    )


def _failed(batch_no: int, run_id: str, at: str, error: FilingsError) -> Outcome:
    is_transient = isinstance(error, TransientFetchError)
    return Outcome(batch_no, run_id, at, problem=str(error), is_transient=is_transient)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
