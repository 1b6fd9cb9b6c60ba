"""From an answer to the archive: a document is kept if it can be read and says something new.

What cannot be read is kept too, as `rejected`: of each series the first and the last. A series is
what was rejected for one reason since the folder last gained a good document; a firewall may answer
with another challenge page every night.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from scrapers.archive.facts import Facts
from scrapers.archive.prior_state import NOTHING_KNOWN, PriorState, Returned
from scrapers.archive.sidecar import REJECTED, Role, Version
from scrapers.archive.store import Archive
from scrapers.documents import document_kind
from scrapers.documents.kinds import MEDIA_TYPES
from scrapers.documents.table import DocumentTable
from scrapers.errors import DocumentError, NotFoundError
from scrapers.http.responses import Fetched

# What a document says itself (in quotes or brackets), numbers, and words with a digit in them.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|\S*\d\S*")


@dataclass(frozen=True)
class ArchivedDocument:
    """A version of a document in the archive, and whether this fetch added it.

    `table` is what the fetch had to read of it, None where the bytes were known already.
    `returned` is an older version that the source gave instead and that must stay first. `gone`
    says what the source answered where it has the document no more. `remarks` are for an operator.
    """

    version: Version
    is_new: bool
    table: DocumentTable | None
    returned: Returned | None = None
    gone: str | None = None
    remarks: tuple[str, ...] = ()


def archive_document(
    archive: Archive,
    folder: str,
    role: Role,
    answer: Fetched,
    read: Callable[[bytes], DocumentTable],
    facts: Facts,
    prior: PriorState = NOTHING_KNOWN,
    restating: Collection[str] = (),
) -> ArchivedDocument:
    """Keep a document if its table differs from that of the latest version.

    The `restating` facts are part of what a document says: where one of them was corrected, the
    same file is a new version.

    The table of an older version is most likely a stale copy (two caches, one of them old): it is
    kept only once the source has given it on two nights.

    Raises DocumentError, after keeping the bytes as `rejected`, if it cannot be read.
    """
    archive.heal(folder, answer.content)
    last = archive.latest(folder, role)
    is_restated = last is not None and _differ(last.facts, facts, restating)
    if last and last.sha256 == hashlib.sha256(answer.content).hexdigest() and not is_restated:
        return ArchivedDocument(last, is_new=False, table=None)
    try:
        kind = document_kind(answer.content)
        table = read(answer.content)
    except DocumentError as error:
        keep_rejected(archive, folder, answer, replace(facts, problem=error.found))
        raise
    older = _older(archive.versions(folder, role), table.sha256)
    remarks: tuple[str, ...] = ()
    if last and older:
        when = f"the version of {older.retrieved_at:%Y-%m-%d} again"
        if returned := prior.awaited(table.sha256, answer.retrieved_at):
            told = (
                f"the source gives {when}, since {returned.since:%Y-%m-%d %H:%M} UTC: most likely "
                "a stale copy. The newer version stays in use; the older one is taken once it has "
                "been there for two nights"
            )
            return ArchivedDocument(last, False, None, returned=returned, remarks=(told,))
        if prior.has_waited(table.sha256):
            remarks = (f"the source gives {when}, and has for two nights: it is taken",)
        facts = replace(facts, returns_to=older.version)
    version, is_new = archive.store(
        folder,
        role,
        answer,
        suffix=kind,
        media_type=MEDIA_TYPES[kind],
        content_sha256=table.sha256,
        facts=replace(facts, kind=kind),
        is_restated=is_restated,
    )
    return ArchivedDocument(version, is_new, table, remarks=remarks)


def still_archived(
    archive: Archive, folder: str, role: Role, error: NotFoundError
) -> ArchivedDocument:
    """The latest version of a document that the source has no more.

    Raises the error where nothing is archived.
    """
    version = archive.latest(folder, role)
    if version is None:
        raise error
    return ArchivedDocument(version, is_new=False, table=None, gone=str(error))


def _differ(before: Facts, now: Facts, names: Collection[str]) -> bool:
    """Whether any of these facts has changed."""
    return any(getattr(before, name) != getattr(now, name) for name in names)


def _older(versions: list[Version], content_sha256: str) -> Version | None:
    """The first version of this content, where the latest is of another one."""
    if not versions or versions[-1].content_sha256 == content_sha256:
        return None
    return next((item for item in versions if item.content_sha256 == content_sha256), None)


def keep_rejected(archive: Archive, folder: str, answer: Fetched, facts: Facts) -> None:
    """Keep bytes that could not be read, and why (`facts.problem`).

    Of a series the first and the last are kept; `facts.count` of the last counts them all.
    """
    series = _series(archive, folder, facts.problem or "")
    sha256 = hashlib.sha256(answer.content).hexdigest()
    if sha256 in {version.sha256 for version in series}:
        return
    archive.store(
        folder,
        REJECTED,
        answer,
        suffix="bin",
        media_type="application/octet-stream",
        facts=replace(facts, count=_count(series) + 1),
        in_place_of=series[1:],
    )


def _series(archive: Archive, folder: str, problem: str) -> list[Version]:
    """What was rejected for this reason since the last good document, oldest first."""
    newest_first = reversed(archive.documents(folder))
    rejected = list(takewhile(lambda version: version.role == REJECTED, newest_first))
    wanted = _reason(problem)
    return [
        version for version in reversed(rejected) if _reason(version.facts.problem or "") == wanted
    ]


def _count(series: Sequence[Version]) -> int:
    """How many documents a series stands for; an earlier program kept each of them."""
    return max(len(series), series[-1].facts.count or 0) if series else 0


def _reason(problem: str) -> str:
    """The words of a problem without what differs from one document to the next."""
    return _PARTICULAR.sub("", problem)
