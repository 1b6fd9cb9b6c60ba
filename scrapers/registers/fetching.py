"""From a discovered document to the archive: fetched, read, and kept if it says something new."""

from dataclasses import replace
from functools import partial
from hashlib import sha256

from scrapers.archive.documents import ArchivedDocument, archive_document, still_archived
from scrapers.archive.prior_state import NOTHING_KNOWN, PriorState
from scrapers.archive.store import Archive
from scrapers.documents import read_document
from scrapers.errors import NotFoundError, located
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Document, Register, Snapshot


def fetch_document(
    session: PoliteSession,
    register: Register,
    document: Document,
    archive: Archive,
    prior: PriorState = NOTHING_KNOWN,
) -> ArchivedDocument:
    """Fetch a document; archive it if it says something new.

    Where the source no longer has the document, what is archived stays in use. Raises FilingsError
    with address and document. What cannot be read is archived as rejected, so nothing is lost.
    """
    folder = register.folder(document.key)
    with located(document=register.label(document.key)):
        try:
            with located(url=document.url):
                fetched = register.fetch(session, register, document, archive, prior)
        except NotFoundError as error:
            archived = still_archived(archive, folder, register.role, error)
            # That the file of a forgotten document goes is expected.
            return archived if document.is_listed else replace(archived, gone=None)
        with located(url=fetched.answer.url):
            archived = archive_document(
                archive,
                folder,
                register.role,
                fetched.answer,
                partial(read_document, layouts=register.tables),
                fetched.facts,
                prior,
                restating=register.restating,
            )
    return replace(archived, remarks=(*archived.remarks, *fetched.remarks))


def keep_snapshot(archive: Archive, snapshot: Snapshot | None) -> bool:
    """Archive what a discovery was read from if it says something new; whether it did.

    Raises ArchiveError where its folder cannot be read.
    """
    if snapshot is None:
        return False
    content_sha256 = sha256(snapshot.content.encode()).hexdigest()
    _, is_new = archive.store(
        snapshot.folder,
        snapshot.role,
        snapshot.answer,
        suffix=snapshot.suffix,
        media_type=snapshot.media_type,
        content_sha256=content_sha256,
    )
    return is_new
