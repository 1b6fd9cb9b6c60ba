"""From an answer to the archive: a document is kept if it can be read and says something new.

What cannot be read is kept too, as `rejected`: of each series the first and the last. A series is
what was rejected for one reason since the folder last gained a good document; a firewall may answer
with another challenge page every night.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic

from scrapers.answers import Fetched
from scrapers.archive import Archive
from scrapers.documents import document_kind
from scrapers.documents.kinds import MEDIA_TYPES
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError
from scrapers.sidecar import Role, Version

# What a document says itself (in quotes or brackets), numbers, and words with a digit in them.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|\S*\d\S*")


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
    archive.heal(folder, answer.content)
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
    """Keep bytes that could not be read, and why (`facts["problem"]`).

    Of a series the first and the last are kept; `facts["count"]` of the last counts them all.
    """
    series = _series(archive, folder, facts["problem"])
    sha256 = hashlib.sha256(answer.content).hexdigest()
    if sha256 in {version.sha256 for version in series}:
        return
    archive.store(
        folder,
        "rejected",
        answer,
        suffix="bin",
        media_type="application/octet-stream",
        facts={**facts, "count": str(_count(series) + 1)},
        in_place_of=series[1:],
    )


def _series(archive: Archive, folder: str, problem: str) -> list[Version]:
    """What was rejected for this reason since the last good document, oldest first."""
    newest_first = reversed(archive.documents(folder))
    rejected = list(takewhile(lambda version: version.role == "rejected", newest_first))
    wanted = _reason(problem)
    return [
        version
        for version in reversed(rejected)
        if _reason(version.facts.get("problem", "")) == wanted
    ]


def _count(series: Sequence[Version]) -> int:
    """How many documents a series stands for; an earlier program kept each of them."""
    return max(len(series), int(series[-1].facts.get("count", 0))) if series else 0


def _reason(problem: str) -> str:
    """The words of a problem without what differs from one document to the next."""
    return _PARTICULAR.sub("", problem)
