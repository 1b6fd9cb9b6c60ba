"""Fetching of a numbered batch: its announcement page, and the list attached to it.

A batch may have several pages. All are fetched. A page that cannot be read does not hide the
others, and lists that differ are held back.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace

from scrapers.archive.answers import archived_answer
from scrapers.archive.documents import keep_rejected
from scrapers.archive.facts import Facts
from scrapers.archive.prior_state import PriorState
from scrapers.archive.store import Archive
from scrapers.documents import read_document
from scrapers.documents.table import DocumentTable
from scrapers.errors import (
    AnnouncementError,
    DocumentError,
    FilingsError,
    HeldBackError,
    NotFoundError,
    located,
    shortened,
)
from scrapers.http.responses import Fetched, may_be_document
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Document, FetchedDocument, Register
from scrapers.registers.discovery.announcement_page import (
    AnnouncementPage,
    announces_batch,
    read_announcement_page,
)

PAGE_ROLE = "page"
# Pages are about 50 kB. Parsed HTML takes at most two hundred times its size in memory.
MAX_PAGE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class _Candidate:
    """A list found on one page of its batch.

    `page_answer` and `page` are the page, `answer` is the list attached to it, and `table` is the
    table of the list, which is parsed only if the pages link to different files.
    """

    page_answer: Fetched
    page: AnnouncementPage
    answer: Fetched
    table: DocumentTable | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.answer.content).hexdigest()

    @property
    def content_sha256(self) -> str:
        """The hash of the list's table, or of its bytes if the table was not parsed."""
        return self.table.sha256 if self.table else self.sha256


def fetch_announced_list(
    session: PoliteSession,
    register: Register,
    document: Document,
    archive: Archive,
    prior: PriorState,
) -> FetchedDocument:
    """Fetch the pages of a batch and its list, and archive the page.

    Raises FilingsError. A page or list that cannot be read, or is held back, is archived as
    rejected.
    """
    folder = register.folder(document.key)
    candidates, errors = _candidates(session, register, document, archive)
    if not candidates:
        gone = [error for error in errors if isinstance(error, NotFoundError)]
        raise next((error for error in errors if error not in gone), errors[0])
    if len({item.sha256 for item in candidates}) > 1:
        readable = _readable(candidates, errors, register, archive, folder)
        candidates = readable or candidates[:1]
    found = _agreed(candidates, archive, folder, prior.approved)
    archive.store(
        folder,
        PAGE_ROLE,
        found.page_answer,
        suffix="html",
        media_type="text/html",
        content_sha256=_hash_of(found.page),
    )
    remarks = tuple(
        f"another page of this batch cannot be read, and is ignored: {error}" for error in errors
    )
    return FetchedDocument(found.answer, _facts(document, found), remarks)


def _candidates(
    session: PoliteSession, register: Register, document: Document, archive: Archive
) -> tuple[list[_Candidate], list[FilingsError]]:
    """The lists on all pages of a batch, and the errors of pages without one."""
    candidates: list[_Candidate] = []
    errors: list[FilingsError] = []
    folder = register.folder(document.key)
    for url in document.page_urls:
        try:
            known = archived_answer(archive, folder, PAGE_ROLE)
            answer = session.get(
                url, is_wanted=announces_batch, max_bytes=MAX_PAGE_BYTES, known=known
            )
            page = _read_page(session, answer, document, archive, folder)
            known = archived_answer(archive, folder, register.role)
            candidates.append(_candidate(session, answer, page, candidates, known))
        except FilingsError as error:
            error.url = error.url or url
            errors.append(error)
    return candidates, errors


def _read_page(
    session: PoliteSession, answer: Fetched, document: Document, archive: Archive, folder: str
) -> AnnouncementPage:
    """The parsed page. Raises AnnouncementError if it is the page of another batch."""
    try:
        page = read_announcement_page(
            answer.content, answer.final_url, session.source, answer.content_type
        )
    except FilingsError as error:
        keep_rejected(archive, folder, answer, Facts(problem=error.found))
        raise
    if page.batch_no != int(document.key):
        raise AnnouncementError(
            f"the page is that of batch {page.batch_no} ({shortened(page.title)!r})",
            url=answer.url,
        )
    return page


def _candidate(
    session: PoliteSession,
    answer: Fetched,
    page: AnnouncementPage,
    others: Sequence[_Candidate],
    known: Fetched | None,
) -> _Candidate:
    """The list that a page links to; a list that another page links to is not fetched again.

    `known` is the archived list.
    """
    for other in others:
        if other.page.list_url == page.list_url:
            return replace(other, page_answer=answer, page=page)
    attached = session.get(
        page.list_url, referer=answer.final_url, is_wanted=may_be_document, known=known
    )
    return _Candidate(answer, page, attached)


def _readable(
    candidates: Sequence[_Candidate],
    errors: list[FilingsError],
    register: Register,
    archive: Archive,
    folder: str,
) -> list[_Candidate]:
    """The lists that can be parsed; adds the errors of the others to `errors`."""
    readable = []
    for item in candidates:
        try:
            with located(url=item.page.list_url):
                table = read_document(item.answer.content, register.tables)
            readable.append(replace(item, table=table))
        except DocumentError as error:
            keep_rejected(archive, folder, item.answer, Facts(problem=error.found))
            errors.append(error)
    return readable


def _agreed(
    candidates: Sequence[_Candidate], archive: Archive, folder: str, approved: Collection[str]
) -> _Candidate:
    """The list on which all pages agree, or the one that an operator has approved.

    Raises HeldBackError if the lists differ, after archiving all of them as rejected.
    """
    if len({(item.content_sha256, item.page.list_month) for item in candidates}) == 1:
        return candidates[0]
    found = [item for item in candidates if item.sha256 in approved]
    if len({item.sha256 for item in found}) == 1:
        return found[0]
    for item in candidates:
        if not archive.holds(folder, item.sha256):
            keep_rejected(
                archive, folder, item.answer, Facts(problem="the pages link to different lists")
            )
    differing = "; ".join(
        f"{item.page_answer.url} (list of {item.page.list_month}, sha256 {item.sha256})"
        for item in candidates
    )
    raise HeldBackError(
        f"held back: the {len(candidates)} pages of this batch link to different lists: "
        f"{differing}",
        remedy="The last good version stays in use. Compare the lists, and add the sha256 of the "
        "correct one to dbt_project/seeds/reviewed_documents.csv",
    )


def _facts(document: Document, found: _Candidate) -> Facts:
    return Facts(
        key=document.key,
        title=found.page.title,
        label=found.page.label,
        month=found.page.list_month,
        published_on=document.published_on,
        page_url=found.page_answer.url,
    )


def _hash_of(page: AnnouncementPage) -> str:
    return hashlib.sha256(repr(sorted(asdict(page).items())).encode()).hexdigest()
