"""Where the latest release is."""

from pathlib import Path

LATEST = "latest"


def latest_release(published: Path) -> Path | None:
    """The folder that `latest` points to, or None before the first release."""
    link = published / LATEST
    return link.resolve() if link.exists() else None
