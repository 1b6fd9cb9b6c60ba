"""One batch from its announcement to the archive: page, attachment, bytes kept.

This is the whole of "extract": `fetch_list` asks the source and archives what is new;
`archived_announcements` tells what the archive itself remembers of announcements.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from scrapers.archive.archiving import (
    ArchivedDocument,
    archive_document,
    keep_rejected,
    still_archived,
)
from scrapers.archive.prior_state import NOTHING_KNOWN, Background
from scrapers.archive.sidecar import Role, Version
from scrapers.archive.store import Archive
from scrapers.documents import ListRow, ListTable, read_list
from scrapers.errors import (
    AnnouncementError,
    DocumentError,
    FilingsError,
    HeldBackError,
    NotFoundError,
    located,
    shortened,
)
from scrapers.http.addresses import Source
from scrapers.http.answers import Fetched, may_be_document
from scrapers.http.session import PoliteSession
from scrapers.registers.discovery.announcement_page import (
    AnnouncementPage,
    announces_batch,
    read_announcement_page,
)
from scrapers.registers.discovery.notice_list import Announcement, NoticeList

ROLE: Role = "list"
# The archive's folder of the notice list.
NOTICE_LIST = "notices"

# Pages have some 50 kB; parsed, HTML takes two hundred times its size in memory at worst.
MAX_PAGE_BYTES = 1024 * 1024


def batch_key(batch_no: int) -> str:
    """The batch's ordinal as three digits: partition key and folder name alike."""
    return f"{batch_no:03d}"


@dataclass(frozen=True)
class _Candidate:
    """A list as found at one of its batch's addresses: the page, its attachment, and the table in
    it where the addresses give different bytes."""

    page_answer: Fetched
    page: AnnouncementPage
    answer: Fetched
    table: ListTable | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.answer.content).hexdigest()

    @property
    def says(self) -> str:
        """The hash of what the list says, or of its bytes where it was not read."""
        return self.table.sha256 if self.table else self.sha256


def fetch_list(
    session: PoliteSession,
    announcement: Announcement,
    archive: Archive,
    background: Background = NOTHING_KNOWN,
) -> ArchivedDocument[ListRow]:
    """Fetch a batch's page and list; archive the list if it says something new.

    A batch may have several addresses: all are read, one that cannot be read does not hide the
    others, and lists that differ are held back. Where the source has the list no more, what is
    archived stands.

    Raises FilingsError with url and batch. A page or document that cannot be read, or must be held
    back, is archived too, as `rejected`, so that nothing is lost.
    """
    folder = batch_key(announcement.batch_no)
    with located(batch_no=announcement.batch_no):
        candidates, errors = _candidates(session, announcement, archive)
        if not candidates:
            gone = [error for error in errors if isinstance(error, NotFoundError)]
            if len(gone) == len(errors):
                return still_archived(archive, folder, ROLE, gone[0])
            raise next(error for error in errors if error not in gone)
        if len({item.sha256 for item in candidates}) > 1:
            candidates = _readable(candidates, errors, archive, folder) or candidates[:1]
        found = _agreed(candidates, archive, folder, background.approved)
        archive.store(
            folder,
            "page",
            found.page_answer,
            suffix="html",
            media_type="text/html",
            content_sha256=_hash_of(found.page),
        )
        with located(url=found.page.list_url):
            facts = _facts(announcement, found.page_answer, found.page)
            archived = archive_document(
                archive,
                folder,
                ROLE,
                found.answer,
                read_list,
                facts,
                background,
                defining=("list_month",),
            )
    remarks = tuple(
        f"another address of its announcement cannot be read and is left out: {error}"
        for error in errors
    )
    return replace(archived, remarks=(*archived.remarks, *remarks))


def _candidates(
    session: PoliteSession, announcement: Announcement, archive: Archive
) -> tuple[list[_Candidate], list[FilingsError]]:
    """The lists at all addresses of a batch, and the errors of those where there is none."""
    candidates: list[_Candidate] = []
    errors: list[FilingsError] = []
    for url in announcement.page_urls:
        try:
            candidates.append(_candidate(session, url, announcement.batch_no, archive, candidates))
        except FilingsError as error:
            error.url = error.url or url
            errors.append(error)
    return candidates, errors


def _candidate(
    session: PoliteSession,
    page_url: str,
    batch_no: int,
    archive: Archive,
    others: Sequence[_Candidate],
) -> _Candidate:
    folder = batch_key(batch_no)
    page_answer = session.get(page_url, is_wanted=announces_batch, max_bytes=MAX_PAGE_BYTES)
    try:
        page = read_announcement_page(
            page_answer.content, page_answer.final_url, session.source, page_answer.content_type
        )
    except FilingsError as error:
        keep_rejected(archive, folder, page_answer, {"problem": error.found})
        raise
    if page.batch_no != batch_no:
        raise AnnouncementError(
            f"the page is titled {shortened(page.title)!r}: that is batch {page.batch_no}",
            url=page_answer.url,
        )
    for other in others:
        if other.page.list_url == page.list_url:
            return replace(other, page_answer=page_answer, page=page)
    answer = session.get(page.list_url, referer=page_answer.final_url, is_wanted=may_be_document)
    return _Candidate(page_answer, page, answer)


def _readable(
    candidates: Sequence[_Candidate], errors: list[FilingsError], archive: Archive, folder: str
) -> list[_Candidate]:
    """The lists that can be read; the errors of the others are added to `errors`."""
    readable = []
    for item in candidates:
        try:
            with located(url=item.page.list_url):
                readable.append(replace(item, table=read_list(item.answer.content)))
        except DocumentError as error:
            keep_rejected(archive, folder, item.answer, {"problem": error.found})
            errors.append(error)
    return readable


def _agreed(
    candidates: Sequence[_Candidate], archive: Archive, folder: str, approved: Collection[str]
) -> _Candidate:
    """The list that all addresses give, or the one that a person has found right.

    Raises HeldBackError, after keeping the bytes of all, where they differ.
    """
    if len({(item.says, item.page.list_month) for item in candidates}) == 1:
        return candidates[0]
    right = [item for item in candidates if item.sha256 in approved]
    if len({item.sha256 for item in right}) == 1:
        return right[0]
    for item in candidates:
        if not archive.holds(folder, item.sha256):
            keep_rejected(archive, folder, item.answer, {"problem": "the addresses differ"})
    told = "; ".join(
        f"{item.page_answer.url} (list of {item.page.list_month}, sha256 {item.sha256})"
        for item in candidates
    )
    raise HeldBackError(
        f"held back: the {len(candidates)} addresses of its announcement give different lists: "
        f"{told}",
        remedy="The last good version stays in use. Compare the lists, and enter the sha256 of the "
        "right one in dbt_project/seeds/reviewed_documents.csv",
    )


def archive_notices(archive: Archive, notices: NoticeList) -> bool:
    """Keep the notice list when what it announces has changed; true if it was new.

    Raises ArchiveError where its folder cannot be read.
    """
    if notices.fetched is None:
        return False
    said = repr((sorted(notices.announcements.items()), notices.cancellations))
    # What still has to be looked at must be found in the archive too.
    said += "".join(map(str, notices.alarms))
    _, is_new = archive.store(
        NOTICE_LIST,
        "notices",
        notices.fetched,
        suffix="json",
        media_type="application/json",
        content_sha256=hashlib.sha256(said.encode()).hexdigest(),
    )
    return is_new


def archived_announcements(archive: Archive, source: Source) -> list[Announcement]:
    """The announcements of all batches in the archive, from their latest lists.

    Their pages are looked for on the base addresses that are configured now.
    """
    superseded = superseded_batches(archive)
    return [
        Announcement(
            batch_no,
            source.page_address(version.facts["page_url"]),
            date.fromisoformat(version.facts["announced_on"]),
        )
        for batch_no, version in _latest_lists(archive).items()
        if batch_no not in superseded
    ]


def superseded_batches(archive: Archive) -> set[int]:
    """Batches that the source took back: announced under a wrong ordinal, and corrected later.

    Such a batch has the page of another one, whose list was fetched after its own.
    """
    latest = _latest_lists(archive)
    by_page: dict[str, int] = {}
    superseded = set()
    for batch_no in sorted(latest, key=lambda no: latest[no].seen_at):
        path = urlsplit(latest[batch_no].facts["page_url"]).path
        if path in by_page:
            superseded.add(by_page[path])
        by_page[path] = batch_no
    return superseded


def _latest_lists(archive: Archive) -> dict[int, Version]:
    found = ((no, archive.latest(batch_key(no), ROLE)) for no in archive.batch_nos())
    return {batch_no: version for batch_no, version in found if version is not None}


def _facts(announcement: Announcement, answer: Fetched, page: AnnouncementPage) -> dict[str, str]:
    return {
        "page_url": answer.url,
        "page_title": page.title,
        "announced_on": announcement.announced_on.isoformat(),
        "label": page.label,
        "list_month": page.list_month,
    }


def _hash_of(page: AnnouncementPage) -> str:
    return hashlib.sha256(repr(sorted(asdict(page).items())).encode()).hexdigest()
