"""Formatting of times and ages in `filings status`."""

from datetime import UTC, datetime, timedelta


def utc_time(at: datetime) -> str:
    """A time in UTC to the minute, such as `2025-05-20 02:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def age_text(age: timedelta) -> str:
    """An age rounded to hours or days, such as `3 hours ago`."""
    hours = age / timedelta(hours=1)
    if hours < 1:
        return "within the hour"
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"
