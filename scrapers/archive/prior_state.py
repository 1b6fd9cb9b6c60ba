"""What is known about a document before it is fetched, and how long an older version must stay.

Sites keep copies: one of two caches may give a list as it was weeks ago. An older version that
comes back is not an amendment, unless it stays.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

# Two nightly runs are further apart; two runs of one night are not.
NIGHTS_APART = timedelta(hours=12)


@dataclass(frozen=True)
class Returned:
    """An older version that the source gives again: the hash of its content, and since when."""

    content_sha256: str
    since: datetime


@dataclass(frozen=True)
class PriorState:
    """What is known about a document when it is fetched.

    `in_use` is the content_sha256 of the version in use, and `is_whole` is False where rows of it
    broke the contract. `returned` is the older version that the source gave when it was last asked,
    `approved` the sha256 of documents that a person has found right.
    """

    in_use: str | None = None
    is_whole: bool = True
    returned: Returned | None = None
    approved: Collection[str] = frozenset()

    def awaited(self, content_sha256: str, at: datetime) -> Returned | None:
        """The older version of this content, where it must be seen for another night yet."""
        # In the place of a broken version an older one is most likely the source's correction.
        if content_sha256 == self.in_use or not self.is_whole:
            return None
        since = at
        if self.returned and self.returned.content_sha256 == content_sha256:
            # The clock may have been set back.
            since = min(self.returned.since, at)
        return None if at - since >= NIGHTS_APART else Returned(content_sha256, since)

    def has_waited(self, content_sha256: str) -> bool:
        """Whether the older version of this content was seen before and not taken."""
        return self.returned is not None and self.returned.content_sha256 == content_sha256


NOTHING_KNOWN = PriorState()
