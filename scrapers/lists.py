"""One batch from its announcement to the archive: page, attachment, bytes kept.

This is the whole of "extract": `fetch_list` asks the source and archives what is new;
`archived_announcements` tells what the archive itself remembers of announcements.
"""

import hashlib
import logging
from dataclasses import asdict
from datetime import date

from scrapers.addresses import Source
from scrapers.announcements import AnnouncementPage, announces_batch, read_announcement_page
from scrapers.answers import Fetched, may_be_document
from scrapers.archive import Archive
from scrapers.archiving import ArchivedDocument, archive_document, keep_rejected
from scrapers.documents import ListRow, read_list
from scrapers.errors import AnnouncementError, ArchiveError, FilingsError, NotFoundError, located
from scrapers.http import PoliteSession
from scrapers.notices import Announcement, NoticeList

_log = logging.getLogger(__name__)


def batch_key(batch_no: int) -> str:
    """The batch's ordinal as three digits: partition key and folder name alike."""
    return f"{batch_no:03d}"


def fetch_list(
    session: PoliteSession, announcement: Announcement, archive: Archive
) -> ArchivedDocument[ListRow]:
    """Fetch a batch's page and list; archive the list if it says something new.

    Raises FilingsError with url and batch. A page or document that cannot be read is archived
    too, as `rejected`, so that nothing is lost.
    """
    batch_no, folder = announcement.batch_no, batch_key(announcement.batch_no)
    with located(batch_no=batch_no):
        page_answer = _fetch_page(session, announcement)
        try:
            page = read_announcement_page(
                page_answer.content,
                page_answer.final_url,
                session.source,
                page_answer.content_type,
            )
        except FilingsError as error:
            keep_rejected(archive, folder, page_answer, {"problem": error.found})
            raise
        if page.batch_no != batch_no:
            raise AnnouncementError(
                f"the page is titled {page.title!r}: that is batch {page.batch_no}",
                url=page_answer.url,
            )
        answer = session.get(
            page.list_url, referer=page_answer.final_url, is_wanted=may_be_document
        )
        archive.store(
            folder,
            "page",
            page_answer,
            suffix="html",
            media_type="text/html",
            content_sha256=_hash_of(page),
        )
        with located(url=page.list_url):
            facts = _facts(announcement, page_answer, page)
            return archive_document(archive, folder, "list", answer, read_list, facts)


def archive_notices(archive: Archive, notices: NoticeList) -> bool:
    """Keep the notice list when what it announces has changed; true if it was new.

    Where its folder cannot be read, the batches go on without.
    """
    if notices.fetched is None:
        return False
    said = repr((sorted(notices.announcements.items()), notices.cancellations))
    # What still has to be looked at must be found in the archive too.
    said += "".join(map(str, notices.alarms))
    try:
        _, is_new = archive.store(
            "notices",
            "notices",
            notices.fetched,
            suffix="json",
            media_type="application/json",
            content_sha256=hashlib.sha256(said.encode()).hexdigest(),
        )
    except ArchiveError as error:
        _log.warning("the notice list is not archived: %s", error)
        return False
    return is_new


def archived_announcements(archive: Archive, source: Source) -> list[Announcement]:
    """The announcements of all batches in the archive, from their latest lists.

    Their pages are looked for on the base addresses that are configured now.
    """
    announcements = []
    for batch_no in archive.batch_nos():
        version = archive.latest(batch_key(batch_no), "list")
        if version is not None:
            facts = version.facts
            announcements.append(
                Announcement(
                    batch_no,
                    source.page_address(facts["page_url"]),
                    date.fromisoformat(facts["announced_on"]),
                )
            )
    return announcements


def _fetch_page(session: PoliteSession, announcement: Announcement) -> Fetched:
    """The first of a batch's pages that is there; only a page that is gone makes way."""
    *others, last = announcement.page_urls
    for url in others:
        try:
            return session.get(url, is_wanted=announces_batch)
        except NotFoundError:
            continue
    return session.get(last, is_wanted=announces_batch)


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
