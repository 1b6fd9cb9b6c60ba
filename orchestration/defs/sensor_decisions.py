"""The decisions of the sensor: which documents to run now, and when to retry a failed one.

These are pure functions of facts that the sensor collects.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MAX_WAIT_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Failures:
    """The failed runs of a document: their number, and when the last one ended (Unix time)."""

    count: int
    last_at: float


def pending(
    announced: Collection[str],
    released: Collection[str],
    failures: Mapping[str, Failures],
    now: float,
    poll_seconds: float,
) -> list[str]:
    """The partitions to run now: announced, not in a release, and not waiting for a retry.

    A failed document is retried automatically, after `poll_seconds` at first. The wait doubles with
    each failure, up to six hours, so that a broken document does not fill the run history. `now` is
    a Unix time.
    """
    return [
        key
        for key in sorted(set(announced) - set(released))
        if key not in failures or now >= _next_attempt(failures[key], poll_seconds)
    ]


def _next_attempt(failures: Failures, poll_seconds: float) -> float:
    wait: float = min(poll_seconds * 2 ** (failures.count - 1), MAX_WAIT_SECONDS)
    return failures.last_at + wait
