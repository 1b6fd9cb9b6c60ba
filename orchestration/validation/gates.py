"""Acceptance gates: why a document that was read must not be used before an operator has looked.

A document that fails a gate is archived and held back; the last good version stays in use. A list
that lost or amended a few rows is news and passes. Held back are documents that changed more than
the source ever changes at a time, that have fewer rows than their own numbering counts, that do not
fit the title of their notice, or whose rows belong to another document. Reviews are facts: a first
version with far fewer rows than a review counted fails. A document whose sha256 is reviewed skips
these gates, also when the store is rebuilt.
"""

from dataclasses import dataclass
from typing import Protocol

MAX_QUARANTINED_SHARE = 0.05
MAX_LOST_SHARE = 0.05
# The largest real amendment known changed 2.5 % of the rows of its list.
MAX_AMENDED_SHARE = 0.2
# The source lists a number in two batches now and then: one of 211 rows was the most.
MAX_SHARED_SHARE = 0.05
# One corrected row is news in a list of any length.
SPARED_CHANGES = 1
REVIEWED_DOCUMENTS = "dbt_project/seeds/reviewed_documents.csv"


class Listed(Protocol):
    """The version in use: how many rows it lists, and how many of them are accepted."""

    @property
    def rows_listed(self) -> int: ...

    @property
    def rows_accepted(self) -> int: ...


@dataclass(frozen=True)
class AcceptancePolicy:
    """Acceptance policy of a register: what its documents are called, the file of their contract,
    and how many rows may break the contract in a document of any length.
    """

    document: str
    contract: str
    spared_rows: int = 0


@dataclass(frozen=True)
class FailedGate:
    """What is wrong, and what to do about it."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class Counts:
    """Rows of a document; the highest number that it prints before a row (0 for none), and how many
    rows the source says there are (None where it does not say).

    `gone` and `amended` count filing numbers against the version in use: those that are not among
    the accepted rows any more, and those whose row differs.
    """

    listed: int
    quarantined: int
    highest_position: int
    stated: int | None = None
    gone: int = 0
    amended: int = 0


def failed_gate(
    counts: Counts,
    current: Listed | None,
    reviewed: int | None,
    policy: AcceptancePolicy,
    document_sha256: str,
    misplaced: str | None = None,
) -> FailedGate | None:
    """The gate that a document fails which no one has approved, or None.

    `current` is the version in use, `reviewed` the rows that a person has counted, `misplaced` why
    the document may be another one's.
    """
    release = f"enter its sha256, {document_sha256}, in {REVIEWED_DOCUMENTS}"
    if _breaks_too_often(counts, policy):
        return FailedGate(
            f"{counts.quarantined} of {counts.listed} rows break the contract, "
            f"more than {MAX_QUARANTINED_SHARE:.0%}",
            "The last good version stays in use. Look at the quarantine: if the source has "
            f"changed its wording, {policy.contract} must follow; to do without these rows, "
            f"{release}",
        )
    reason = (
        misplaced
        or _wrong_number_of_rows(counts, current, reviewed, policy.document)
        or _too_many_changes(counts, current, policy.document)
    )
    if reason:
        return FailedGate(
            reason,
            f"The last good version stays in use. Look at the document: if it is right, {release}",
        )
    return None


def _breaks_too_often(counts: Counts, policy: AcceptancePolicy) -> bool:
    if counts.quarantined <= policy.spared_rows and counts.quarantined < counts.listed:
        return False
    return counts.quarantined > MAX_QUARANTINED_SHARE * counts.listed


def _skips_numbers(counts: Counts, current: Listed | None) -> bool:
    """Whether a document counts higher than it has rows.

    The source may take some rows out of a list and keep the numbers of the others.
    """
    spared = MAX_LOST_SHARE if current else 0
    return counts.highest_position - counts.listed > spared * counts.highest_position


def _wrong_number_of_rows(
    counts: Counts, current: Listed | None, reviewed: int | None, name: str
) -> str | None:
    listed = counts.listed
    if current and listed < (1 - MAX_LOST_SHARE) * current.rows_listed:
        return f"the {name} shrank from {current.rows_listed} to {listed} rows"
    if _skips_numbers(counts, current) and listed != reviewed:
        return f"the {name} counts up to {counts.highest_position} but has {listed} rows"
    if counts.stated is not None and listed not in (counts.stated, reviewed):
        return f"the title of the {name} says {counts.stated} but it has {listed} rows"
    if current is None and reviewed and listed < (1 - MAX_LOST_SHARE) * reviewed:
        return f"the {name} has {listed} rows where a review counted {reviewed}"
    return None


def _too_many_changes(counts: Counts, current: Listed | None, name: str) -> str | None:
    """More changes at once than the source makes: the file may be a wrong one, or out of order."""
    if current is None:
        return None
    before = current.rows_accepted
    if counts.gone > max(SPARED_CHANGES, MAX_LOST_SHARE * before):
        return (
            f"{counts.gone} of the {before} numbers of the {name} in use are gone, "
            f"more than {MAX_LOST_SHARE:.0%}"
        )
    kept = before - counts.gone
    if counts.amended > max(SPARED_CHANGES, MAX_AMENDED_SHARE * kept):
        return (
            f"{counts.amended} of {kept} rows of the {name} are amended at once, "
            f"more than {MAX_AMENDED_SHARE:.0%}"
        )
    return None
