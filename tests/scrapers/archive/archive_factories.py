"""Helpers that store invented documents in an archive."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.http.responses import Fetched

URL = "https://cac.test/list?filepath=~a/b="


def fetched(content: bytes, minute: int = 0) -> Fetched:
    at = datetime(2025, 5, 19, 2, tzinfo=UTC) + timedelta(minutes=minute)
    return Fetched(URL, URL + "&moved", content, {"Server": "nginx"}, at)


def store(
    archive: Archive,
    content: bytes,
    minute: int = 0,
    says: str | None = None,
    role: str = "list",
    folder: str = "011",
    **facts: str,
) -> tuple[Version, bool]:
    return archive.store(
        folder,
        role,
        fetched(content, minute),
        suffix="docx",
        media_type="application/zip",
        content_sha256=sha256(says.encode()).hexdigest() if says else None,
        facts=Facts(month="2025-05", **facts),
    )


def folders_of_lists(archive: Archive) -> list[str]:
    """The folders that contain a list."""
    return list(archive.latest_of("list"))


def files(archive: Archive) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (archive.root / "011").iterdir()}
