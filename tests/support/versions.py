"""Versions of documents without an archive."""

from datetime import UTC, datetime
from pathlib import Path

from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version

RETRIEVED_AT = datetime(2025, 12, 9, 2, tzinfo=UTC)


def make_version(folder: str, facts: Facts, version: str = "v1", sha256: str = "abc") -> Version:
    """A .docx version whose file does not exist."""
    url = f"https://cac.test/{folder}"
    return Version(
        folder=folder,
        role="list",
        version=version,
        path=Path(f"{folder}/{version}.docx"),
        media_type="application/zip",
        url=url,
        final_url=url,
        retrieved_at=RETRIEVED_AT,
        seen_at=RETRIEVED_AT,
        size=1,
        sha256=sha256,
        content_sha256="def",
        facts=facts,
    )
