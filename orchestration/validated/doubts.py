"""Doubts: why a document that was read must not be used before somebody has looked at it.

A document in doubt is archived and held back; the last good version stays in use. Row counts that
a person has reviewed are facts: they settle a doubt about too few rows, and raise one.
"""

from dataclasses import dataclass
from typing import Protocol

MAX_QUARANTINED_SHARE = 0.05
MAX_SHORTFALL = 0.05


class Listed(Protocol):
    """What is asked of the version in use: how many rows it lists."""

    @property
    def rows_listed(self) -> int: ...


@dataclass(frozen=True)
class Remedies:
    """What to do about a kind of document: where its contract stands, where a review is entered."""

    contract: str
    review: str


@dataclass(frozen=True)
class Doubt:
    """What is wrong, and what to do about it."""

    reason: str
    remedy: str


def find_doubt(
    listed: int,
    quarantined: int,
    highest_position: int,
    current: Listed | None,
    reviewed: int | None,
    remedies: Remedies,
) -> Doubt | None:
    """The doubt about a document of `listed` rows, or None; `current` is the version in use.

    `highest_position` is the highest number that it prints before a row, 0 where it prints none.
    """
    if quarantined > MAX_QUARANTINED_SHARE * listed:
        return Doubt(
            f"{quarantined} of {listed} rows break the contract, "
            f"more than {MAX_QUARANTINED_SHARE:.0%}",
            "The last good version stays in use. Look at the quarantine: if the source has "
            f"changed its wording, {remedies.contract} must follow",
        )
    review = (
        "The last good version stays in use. Look at the document: if it is right, enter its "
        f"number of rows in {remedies.review}"
    )
    if listed == reviewed:
        return None
    if current and listed < current.rows_listed:
        return Doubt(f"the list shrank from {current.rows_listed} to {listed} rows", review)
    if highest_position > listed:
        return Doubt(f"the list counts up to {highest_position} but has {listed} rows", review)
    if current is None and reviewed and listed < (1 - MAX_SHORTFALL) * reviewed:
        return Doubt(f"the list has {listed} rows where a review counted {reviewed}", review)
    return None
