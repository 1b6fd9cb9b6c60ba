"""Whether this machine's clock can be right, as far as the archive tells."""

from datetime import UTC, datetime

from scrapers.archive.store import Archive


def clock_warnings(archive: Archive, now: datetime | None = None) -> list[str]:
    """A warning where the clock is before the time at which something was archived."""
    now = now or datetime.now(UTC)
    newest = archive.newest()
    if newest is None or newest <= now:
        return []
    return [
        f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but the archive holds a document of "
        f"{newest:%Y-%m-%d %H:%M} UTC. Set the clock if it is wrong. If it is right now, it was "
        "wrong then: versions keep the order in which they were archived"
    ]
