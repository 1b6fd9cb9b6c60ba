"""What the sensor decides from: which documents lack a good run, and when to try one again.

Pure functions; the sensor and the tests give them the facts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

LONGEST_WAIT_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Failures:
    """Failed runs of a document since it last came through: how many, and when the last ended."""

    count: int
    last_at: float


def pending(
    announced: Collection[str],
    released: Collection[str],
    failures: Mapping[str, Failures],
    now: float,
    poll_seconds: float,
) -> list[str]:
    """The partitions to run now: published, in no release, and not failed just before.

    A document that fails comes back by itself, after a wait that doubles with each failure, up to
    six hours, so that a broken one does not fill the run history.
    """
    return [
        key
        for key in sorted(set(announced) - set(released))
        if key not in failures or now >= _next_attempt(failures[key], poll_seconds)
    ]


def _next_attempt(failures: Failures, poll_seconds: float) -> float:
    wait = min(poll_seconds * 2 ** (failures.count - 1), LONGEST_WAIT_SECONDS)
    return failures.last_at + wait
