"""From an answer to the archive: a document is kept if it can be read and says something new.

What cannot be read is kept too, as `rejected`, so that nothing is lost.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from scrapers.answers import Fetched
from scrapers.archive import Archive, Role, Version
from scrapers.documents import document_kind
from scrapers.documents.kinds import MEDIA_TYPES
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError, NotFoundError

# Two nightly runs are further apart; two runs of one night are not.
NIGHTS_APART = timedelta(hours=12)


@dataclass(frozen=True)
class Returned:
    """An older version that the source gives again: the hash of its content, and since when."""

    content_sha256: str
    since: datetime


@dataclass(frozen=True)
class Background:
    """What is known of a document's folder when the document is fetched.

    `in_use` is the content_sha256 of the version in use, `returned` the older version that the
    source gave when it was last asked, `approved` the sha256 of documents that a person has found
    right.
    """

    in_use: str | None = None
    returned: Returned | None = None
    approved: Collection[str] = frozenset()

    def awaited(self, content_sha256: str, at: datetime) -> Returned | None:
        """The older version of this content, where it must be seen for another night yet."""
        if content_sha256 == self.in_use:
            return None
        since = at
        if self.returned and self.returned.content_sha256 == content_sha256:
            since = self.returned.since
        return None if at - since >= NIGHTS_APART else Returned(content_sha256, since)


NOTHING_KNOWN = Background()


@dataclass(frozen=True)
class ArchivedDocument(Generic[Row]):
    """A version of a document in the archive, and whether this fetch added it.

    `table` is what the fetch had to read of it, None where the bytes were known already.
    `returned` is an older version that the source gave instead and that must stay first. `gone`
    says what the source answered where it has the document no more. `remarks` are for an operator.
    """

    version: Version
    is_new: bool
    table: DocumentTable[Row] | None
    returned: Returned | None = None
    gone: str | None = None
    remarks: tuple[str, ...] = ()


def archive_document(
    archive: Archive,
    folder: str,
    role: Role,
    answer: Fetched,
    read: Callable[[bytes], DocumentTable[Row]],
    facts: Mapping[str, str],
    background: Background = NOTHING_KNOWN,
) -> ArchivedDocument[Row]:
    """Keep a document if its table differs from that of the latest version.

    The table of an older version is most likely a stale copy (two caches, one of them old): it is
    kept only once the source has given it on two nights.

    Raises DocumentError, after keeping the bytes as `rejected`, if it cannot be read.
    """
    last = archive.latest(folder, role)
    if last and last.sha256 == hashlib.sha256(answer.content).hexdigest():
        return ArchivedDocument(last, is_new=False, table=None)
    try:
        kind = document_kind(answer.content)
        table = read(answer.content)
    except DocumentError as error:
        keep_rejected(archive, folder, answer, {**facts, "problem": error.found})
        raise
    older = _older(archive.versions(folder, role), table.sha256)
    remarks: tuple[str, ...] = ()
    if last and older:
        when = f"the version of {older.retrieved_at:%Y-%m-%d} again"
        if returned := background.awaited(table.sha256, answer.retrieved_at):
            told = (
                f"the source gives {when}, since {returned.since:%Y-%m-%d %H:%M} UTC: most likely "
                "a stale copy. The newer version stays in use; the older one is taken once it has "
                "been there for two nights"
            )
            return ArchivedDocument(last, False, None, returned=returned, remarks=(told,))
        if table.sha256 != background.in_use:
            remarks = (f"the source gives {when}, and has for two nights: it is taken",)
        facts = {**facts, "returns_to": older.version}
    version, is_new = archive.store(
        folder,
        role,
        answer,
        suffix=kind,
        media_type=MEDIA_TYPES[kind],
        content_sha256=table.sha256,
        facts={**facts, "kind": kind},
    )
    return ArchivedDocument(version, is_new, table, remarks=remarks)


def still_archived(
    archive: Archive, folder: str, role: Role, error: NotFoundError
) -> ArchivedDocument[Row]:
    """The latest version of a document that the source has no more.

    Raises the error where nothing is archived.
    """
    version = archive.latest(folder, role)
    if version is None:
        raise error
    return ArchivedDocument(version, is_new=False, table=None, gone=str(error))


def _older(versions: list[Version], content_sha256: str) -> Version | None:
    """The first version of this content, where the latest is of another one."""
    if not versions or versions[-1].content_sha256 == content_sha256:
        return None
    return next((item for item in versions if item.content_sha256 == content_sha256), None)


def keep_rejected(archive: Archive, folder: str, answer: Fetched, facts: Mapping[str, str]) -> None:
    """Keep bytes that could not be read, whatever they are."""
    archive.store(
        folder,
        "rejected",
        answer,
        suffix="bin",
        media_type="application/octet-stream",
        facts=facts,
    )
