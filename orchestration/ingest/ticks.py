"""The last tick of the sensor: what failed in it, and since when it fails.

It is kept in `data/ingest_results/last_tick.json`, since Dagster keeps no state of a failed tick.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scrapers.files import write_json

LAST_TICK = "last_tick.json"


@dataclass(frozen=True)
class Failing:
    """A problem that every tick has met since the time `since` (ISO 8601)."""

    problem: str
    since: str


@dataclass(frozen=True)
class LastTick:
    """The last tick, at the time `at` (ISO 8601).

    `unread` are the registers whose announcements could not be read, by name. `failing` is an error
    that ended the tick before all registers were looked up.
    """

    at: str
    unread: Mapping[str, Failing] = field(default_factory=dict)
    failing: Failing | None = None


def next_tick(
    last: LastTick | None, at: str, unread: Mapping[str, str], problem: str | None = None
) -> LastTick:
    """The tick at `at`, with the problems of registers by name, and that of the tick itself.

    A problem that the last tick had as well is dated from its first occurrence, also if its text
    has changed. A tick that failed as a whole read no register, so it does not end their problems.
    """
    before = last or LastTick(at)
    found = {
        name: Failing(text, before.unread[name].since if name in before.unread else at)
        for name, text in unread.items()
    }
    if problem is None:
        return LastTick(at, found)
    since = before.failing.since if before.failing else at
    return LastTick(at, {**before.unread, **found}, Failing(problem, since))


def record_tick(folder: Path, tick: LastTick) -> None:
    """Replace the record of the last tick; `folder` is `data/ingest_results/`."""
    write_json(folder / LAST_TICK, asdict(tick))


def read_tick(folder: Path) -> LastTick | None:
    """The last tick; None if there was none, or if its record cannot be read."""
    try:
        content = json.loads((folder / LAST_TICK).read_bytes())
        unread = {name: Failing(**item) for name, item in content["unread"].items()}
        failing = Failing(**content["failing"]) if content["failing"] else None
        return LastTick(content["at"], unread, failing)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None
