"""Acceptance gates: checks of a whole document before its rows are used.

A document that fails a gate is held back until an operator has looked at it. It stays archived, and
the last accepted version stays in use. A gate fails a document that

- has too many rows that break the contract,
- changed more since the version in use than the source usually changes at a time,
- has fewer rows than its own numbering, its title or a review of it counts, or
- holds the rows of another document.

A list that lost or amended a few rows passes. A document whose sha256 is approved in
`reviewed_documents.csv` skips these gates, also on rebuild.
"""

from dataclasses import dataclass
from typing import Protocol

MAX_QUARANTINED_SHARE = 0.05
MAX_LOST_SHARE = 0.05
# The largest amendment observed so far changed 2.5 % of the rows of a list.
MAX_AMENDED_SHARE = 0.2
# The source occasionally lists a number in two batches. The most observed is 1 of 211 rows.
MAX_SHARED_SHARE = 0.05
# A single changed row is accepted in a list of any length.
TOLERATED_CHANGES = 1
REVIEWED_DOCUMENTS = "dbt_project/seeds/reviewed_documents.csv"


class HasRowCounts(Protocol):
    """A version with its number of rows, and the number of those that are accepted."""

    @property
    def rows_listed(self) -> int: ...

    @property
    def rows_accepted(self) -> int: ...


@dataclass(frozen=True)
class AcceptancePolicy:
    """Acceptance policy for the documents of a register.

    `document` is the word for one of them (list, notice), and `contract` the path of their
    contract; both appear in messages. Up to `tolerated_rows` rows may break the contract in a
    document of any length.
    """

    document: str
    contract: str
    tolerated_rows: int = 0


@dataclass(frozen=True)
class FailedGate:
    """Why a document is held back, and what an operator can do about it."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class Counts:
    """The row counts of a document that the gates compare.

    `numbered` is the number of rows that the positions printed before the rows count, or 0 if none
    is printed. A first version may skip a share of `tolerated_gaps` of them. `stated` is the number
    of rows that the source states, or None. `gone` and `amended` compare the accepted rows with the
    version in use: filing numbers that are no longer there, and filing numbers whose row differs.
    """

    listed: int
    quarantined: int
    numbered: int
    stated: int | None = None
    tolerated_gaps: float = 0
    gone: int = 0
    amended: int = 0


def failed_gate(
    counts: Counts,
    current: HasRowCounts | None,
    reviewed: int | None,
    policy: AcceptancePolicy,
    document_sha256: str,
    misplaced: str | None = None,
) -> FailedGate | None:
    """Return the first gate that a document fails, or None if it passes.

    `current` is the version in use, `reviewed` the number of rows that a reviewer counted, and
    `misplaced` the reason why the rows may belong to another document.
    """
    approve = f"add its sha256, {document_sha256}, to {REVIEWED_DOCUMENTS}"
    # Rows of another document may also break the contract, but that is not the cause.
    if not misplaced and _has_too_many_quarantined(counts, policy):
        return FailedGate(
            f"{counts.quarantined} of {counts.listed} rows break the contract, "
            f"more than {MAX_QUARANTINED_SHARE:.0%}",
            "The last good version stays in use. Look at the quarantine. If the wording changed, "
            f"update {policy.contract}. To accept it anyway, {approve}",
        )
    reason = (
        misplaced
        or _wrong_number_of_rows(counts, current, reviewed, policy.document)
        or _too_many_changes(counts, current, policy.document)
    )
    if reason:
        return FailedGate(
            reason,
            f"The last good version stays in use. Look at the document. If it is right, {approve}",
        )
    return None


def _has_too_many_quarantined(counts: Counts, policy: AcceptancePolicy) -> bool:
    if counts.quarantined <= policy.tolerated_rows and counts.quarantined < counts.listed:
        return False
    return counts.quarantined > MAX_QUARANTINED_SHARE * counts.listed


def _skips_positions(counts: Counts, current: HasRowCounts | None) -> bool:
    """Whether the positions of a document count more rows than it has.

    The source may remove a few rows from a published list and keep the positions of the others.
    """
    tolerated = MAX_LOST_SHARE if current else counts.tolerated_gaps
    return counts.numbered - counts.listed > tolerated * counts.numbered


def _wrong_number_of_rows(
    counts: Counts, current: HasRowCounts | None, reviewed: int | None, name: str
) -> str | None:
    listed = counts.listed
    if current and listed < (1 - MAX_LOST_SHARE) * current.rows_listed:
        return f"the {name} shrank from {current.rows_listed} to {listed} rows"
    if _skips_positions(counts, current) and listed != reviewed:
        return f"the {name} is numbered for {counts.numbered} rows but has {listed} rows"
    if counts.stated is not None and listed not in (counts.stated, reviewed):
        return f"the title of the {name} says {counts.stated} but it has {listed} rows"
    if current is None and reviewed and listed < (1 - MAX_LOST_SHARE) * reviewed:
        return f"the {name} has {listed} rows but a review counted {reviewed}"
    return None


def _too_many_changes(counts: Counts, current: HasRowCounts | None, name: str) -> str | None:
    """More changes than the source makes at a time: it may be the wrong file, or mixed up."""
    if current is None:
        return None
    before = current.rows_accepted
    if counts.gone > max(TOLERATED_CHANGES, MAX_LOST_SHARE * before):
        return (
            f"{counts.gone} of the {before} numbers of the {name} in use are gone, "
            f"more than {MAX_LOST_SHARE:.0%}"
        )
    kept = before - counts.gone
    if counts.amended > max(TOLERATED_CHANGES, MAX_AMENDED_SHARE * kept):
        return (
            f"{counts.amended} of {kept} rows of the {name} are amended, "
            f"more than {MAX_AMENDED_SHARE:.0%}"
        )
    return None
