"""Checks this machine's clock against the archive."""

from datetime import UTC, datetime

from scrapers.archive.store import Archive


def clock_warnings(archive: Archive, now: datetime | None = None) -> list[str]:
    """Warn if the clock is earlier than the time at which the newest document was archived."""
    now = now or datetime.now(UTC)
    newest = archive.newest()
    if newest is None or newest <= now:
        return []
    warning = (
        f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but a document was archived at "
        f"{newest:%Y-%m-%d %H:%M} UTC. Set the clock if it is wrong. If it is right now, it was "
        "wrong at that time; versions keep the order in which they were archived"
    )
    return [warning]
