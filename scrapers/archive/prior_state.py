"""The known state of a document before a fetch, and when an older version replaces a newer one.

The source is cached: one of two caches may serve a list as it was weeks ago. An older version that
returns counts as an amendment only if it is served on two nights.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

# Nightly runs are further apart than this. Two runs of the same night are not.
MIN_RETURN_AGE = timedelta(hours=12)


@dataclass(frozen=True)
class Returned:
    """An older version that the source serves again: its content hash, and since when."""

    content_sha256: str
    since: datetime


@dataclass(frozen=True)
class PriorState:
    """The known state of a document before a fetch.

    `in_use` is the content_sha256 of the version in use. `is_whole` is False if some of its rows
    broke the contract. `returned` is the older version that the source served in the last fetch.
    `approved` holds the sha256 of documents that an operator has approved.
    """

    in_use: str | None = None
    is_whole: bool = True
    returned: Returned | None = None
    approved: Collection[str] = frozenset()

    def pending_return(self, content_sha256: str, at: datetime) -> Returned | None:
        """The older version served at a time, or None if it may be used without waiting longer."""
        # An older version that replaces a broken one is probably the source's correction.
        if content_sha256 == self.in_use or not self.is_whole:
            return None
        since = at
        if self.returned and self.returned.content_sha256 == content_sha256:
            # The clock may have been set back since.
            since = min(self.returned.since, at)
        return None if at - since >= MIN_RETURN_AGE else Returned(content_sha256, since)

    def was_pending(self, content_sha256: str) -> bool:
        """Whether an older version with this content was served before, but not used."""
        return self.returned is not None and self.returned.content_sha256 == content_sha256


NOTHING_KNOWN = PriorState()
