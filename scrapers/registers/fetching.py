"""Fetching of discovered documents into the archive."""

from dataclasses import replace
from functools import partial
from hashlib import sha256

from scrapers.archive.documents import ArchivedDocument, archive_document, keep_archived
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
    """Fetch a document, and archive it if its content has changed.

    If the source no longer has the document, the archived version stays in use. An unreadable
    document is archived as rejected. Raises FilingsError with the URL and the document.
    """
    folder = register.folder(document.key)
    with located(document=register.label(document.key)):
        try:
            with located(url=document.url):
                fetched = register.fetch(session, register, document, archive, prior)
        except NotFoundError as error:
            archived = keep_archived(archive, folder, register.role, error)
            # The file of a document that is no longer listed is expected to disappear.
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
                versioned_facts=register.versioned_facts,
            )
    return replace(archived, remarks=(*archived.remarks, *fetched.remarks))


def keep_snapshot(archive: Archive, snapshot: Snapshot | None) -> bool:
    """Archive the response of a discovery if its content has changed; returns whether it has.

    Raises ArchiveError if its folder cannot be read.
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
