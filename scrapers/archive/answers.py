"""Archived responses for conditional requests, to which the source can answer "not modified"."""

from contextlib import suppress

from scrapers.archive.sidecar import Role
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError
from scrapers.http.conditions import conditions_of
from scrapers.http.responses import Fetched


def archived_answer(archive: Archive, folder: str, role: Role) -> Fetched | None:
    """The response that the latest version came from, if its headers allow a conditional request.

    None if its file is damaged or missing: only a whole response can then restore it.
    """
    with suppress(ArchiveError):
        version = archive.latest(folder, role)
        if version and conditions_of(version.headers):
            return Fetched(
                version.url,
                version.final_url,
                archive.read(version),
                version.headers,
                version.retrieved_at,
                version.fetched_from,
            )
    return None
