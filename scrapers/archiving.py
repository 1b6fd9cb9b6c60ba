"""From an answer to the archive: a document is kept if it can be read and says something new.

What cannot be read is kept too, as `rejected`, so that nothing is lost.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic

from scrapers.answers import Fetched
from scrapers.archive import Archive, Role, Version
from scrapers.documents import document_kind
from scrapers.documents.kinds import MEDIA_TYPES
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError


@dataclass(frozen=True)
class ArchivedDocument(Generic[Row]):
    """A version of a document in the archive, and whether this fetch added it.

    `table` is what the fetch had to read of it, None where the bytes were known already.
    """

    version: Version
    is_new: bool
    table: DocumentTable[Row] | None


def archive_document(
    archive: Archive,
    folder: str,
    role: Role,
    answer: Fetched,
    read: Callable[[bytes], DocumentTable[Row]],
    facts: Mapping[str, str],
) -> ArchivedDocument[Row]:
    """Keep a document if its table differs from that of the latest version.

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
    version, is_new = archive.store(
        folder,
        role,
        answer,
        suffix=kind,
        media_type=MEDIA_TYPES[kind],
        content_sha256=table.sha256,
        facts={**facts, "kind": kind},
    )
    return ArchivedDocument(version, is_new, table)


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
