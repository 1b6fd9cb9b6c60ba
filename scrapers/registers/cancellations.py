"""Cancellation notices: from the notice list to the archive, one folder a notice.

A notice is known while the notice list shows it and as long as the archive holds its file: the
list forgets old notices.
"""

from dataclasses import replace
from datetime import date
from urllib.parse import quote

from scrapers.archive.archiving import ArchivedDocument, archive_document, still_archived
from scrapers.archive.prior_state import NOTHING_KNOWN, Background
from scrapers.archive.sidecar import Role
from scrapers.archive.store import Archive
from scrapers.documents import CancellationRow, read_cancellations
from scrapers.errors import NotFoundError, located
from scrapers.http.addresses import Source
from scrapers.http.answers import may_be_document
from scrapers.http.session import PoliteSession
from scrapers.registers.discovery.notice_list import (
    CancellationNotice,
    NoticeList,
    cancellation_notice,
)

NOTICES_FOLDER = "cancellations"
ROLE: Role = "cancellation"


def notice_folder(notice_id: str) -> str:
    """The archive's folder of a notice; no id of the source's can lead out of it."""
    return f"{NOTICES_FOLDER}/{quote(notice_id, safe='').replace('.', '%2E')}"


def fetch_cancellation(
    session: PoliteSession,
    notice: CancellationNotice,
    archive: Archive,
    background: Background = NOTHING_KNOWN,
) -> ArchivedDocument[CancellationRow]:
    """Fetch a notice's file; archive it if it says something new.

    Where the source has it no more, what is archived stands. Raises FilingsError with the file's
    address.
    """
    folder = notice_folder(notice.notice_id)
    try:
        answer = session.get(notice.file_url, is_wanted=may_be_document)
    except NotFoundError as error:
        return still_archived(archive, folder, ROLE, error)
    with located(url=notice.file_url):
        return archive_document(
            archive,
            folder,
            ROLE,
            answer,
            read_cancellations,
            {
                "notice_id": notice.notice_id,
                "title": notice.title,
                "published_on": notice.published_on.isoformat(),
            },
            background,
            defining=("title", "published_on"),
        )


def refetch_cancellation(
    session: PoliteSession,
    notice: CancellationNotice,
    archive: Archive,
    background: Background = NOTHING_KNOWN,
) -> ArchivedDocument[CancellationRow]:
    """Fetch the file of a notice that the list has forgotten and the archive holds.

    That such a file goes is expected, and no remark of it is made. Raises FilingsError.
    """
    return replace(fetch_cancellation(session, notice, archive, background), gone=None)


def known_cancellations(
    notices: NoticeList, archive: Archive, source: Source
) -> list[CancellationNotice]:
    """Every cancellation notice on the list or in the archive, oldest first.

    The list wins over the archive, since it is newer.
    """
    known = {notice.notice_id: notice for notice in _archived(archive, source)}
    known.update({notice.notice_id: notice for notice in notices.cancellations})
    return sorted(known.values(), key=lambda notice: (notice.published_on, notice.notice_id))


def _archived(archive: Archive, source: Source) -> list[CancellationNotice]:
    notices = []
    for folder in archive.folders_below(NOTICES_FOLDER):
        version = archive.latest(folder, "cancellation")
        if version is not None:
            facts = version.facts
            published_on = date.fromisoformat(facts["published_on"])
            notices.append(
                cancellation_notice(facts["notice_id"], facts["title"], published_on, source)
            )
    return notices
