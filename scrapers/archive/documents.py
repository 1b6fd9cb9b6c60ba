"""Archiving of fetched documents: a document is stored if its table has changed.

Unreadable documents are stored as `rejected`, the first and the last of each series. A series is
the documents rejected for the same reason since the last readable one. Without this limit, a
firewall that serves another challenge page every night would fill the archive.
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

# The parts of a problem that vary between documents: quotes, brackets, and words with digits.
_VARIABLE_PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|\S*\d\S*")


@dataclass(frozen=True)
class ArchivedDocument:
    """The archived version of a document after a fetch.

    `is_new` is True if this fetch added the version. `table` is the parsed table, None if the bytes
    were known already. `returned` is an older version that the source served, which is not in use
    yet. `gone` is the error if the source no longer has the document. `remarks` are for an
    operator.
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
    versioned_facts: Collection[str] = (),
) -> ArchivedDocument:
    """Store a document if its table differs from that of the latest version.

    The `versioned_facts` count as content: if one of them has changed, the same file is a new
    version.

    The table of an older version is probably a stale copy from a cache. It is stored only after
    the source has served it on two nights.

    Raises DocumentError if the document cannot be read, after storing it as `rejected`.
    """
    archive.repair(folder, answer.content)
    last = archive.latest(folder, role)
    has_new_facts = last is not None and _differ(last.facts, facts, versioned_facts)
    if last and last.sha256 == hashlib.sha256(answer.content).hexdigest() and not has_new_facts:
        return ArchivedDocument(last, is_new=False, table=None)
    try:
        kind = document_kind(answer.content)
        table = read(answer.content)
    except DocumentError as error:
        keep_rejected(archive, folder, answer, replace(facts, problem=error.found))
        raise
    older = _older_version(archive.versions(folder, role), table.sha256)
    remarks: tuple[str, ...] = ()
    if last and older:
        returns = f"the source serves the version of {older.retrieved_at:%Y-%m-%d} again"
        if returned := prior.pending_return(table.sha256, answer.retrieved_at):
            remark = (
                f"{returns} since {returned.since:%Y-%m-%d %H:%M} UTC, probably a stale copy. The "
                "newer version stays in use. The older one replaces it if it is served on two "
                "nights"
            )
            return ArchivedDocument(last, False, None, returned=returned, remarks=(remark,))
        if prior.was_pending(table.sha256):
            remarks = (f"{returns} on two nights: it is in use from now on",)
        facts = replace(facts, returns_to=older.version)
    version, is_new = archive.store(
        folder,
        role,
        answer,
        suffix=kind,
        media_type=MEDIA_TYPES[kind],
        content_sha256=table.sha256,
        facts=replace(facts, kind=kind),
        has_new_facts=has_new_facts,
    )
    return ArchivedDocument(version, is_new, table, remarks=remarks)


def keep_archived(
    archive: Archive, folder: str, role: Role, error: NotFoundError
) -> ArchivedDocument:
    """The latest version of a document that the source no longer has.

    Raises `error` if nothing is archived.
    """
    version = archive.latest(folder, role)
    if version is None:
        raise error
    return ArchivedDocument(version, is_new=False, table=None, gone=str(error))


def _differ(before: Facts, now: Facts, names: Collection[str]) -> bool:
    """Whether any of the named facts has changed."""
    return any(getattr(before, name) != getattr(now, name) for name in names)


def _older_version(versions: list[Version], content_sha256: str) -> Version | None:
    """The first version with this content, or None if the latest version has it or none does."""
    if not versions or versions[-1].content_sha256 == content_sha256:
        return None
    return next((item for item in versions if item.content_sha256 == content_sha256), None)


def keep_rejected(archive: Archive, folder: str, answer: Fetched, facts: Facts) -> None:
    """Store unreadable bytes as `rejected`, with the reason in `facts.problem`.

    Only the first and the last of a series are kept. `facts.count` of the last is the number of
    documents in the series.
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
        replaces=series[1:],
    )


def _series(archive: Archive, folder: str, problem: str) -> list[Version]:
    """The documents rejected for this reason since the last readable one, oldest first."""
    newest_first = reversed(archive.documents(folder))
    rejected = list(takewhile(lambda version: version.role == REJECTED, newest_first))
    reason = _reason(problem)
    return [
        version for version in reversed(rejected) if _reason(version.facts.problem or "") == reason
    ]


def _count(series: Sequence[Version]) -> int:
    """The number of documents in a series. Earlier versions of this program stored every one."""
    return max(len(series), series[-1].facts.count or 0) if series else 0


def _reason(problem: str) -> str:
    """A problem without the parts that vary between documents."""
    return _VARIABLE_PARTS.sub("", problem)
