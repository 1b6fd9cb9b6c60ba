"""The release folders on disk: naming, damage checks, clean-up and retention."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.publication.latest import (
    UNFINISHED,
    Difference,
    differences,
    latest_release,
    releases,
    unexpected_files,
)

KEPT_RELEASES = 10

_DAMAGED = ".damaged"
_NAME = "%Y%m%dT%H%M%S%fZ"
# The files that a comparison with the next release reads.
_COMPARED = ("parquet/filings.parquet", "parquet/batches.parquet")


def next_name(published: Path) -> str:
    """The name of a new release: the current time, but later than every existing name."""
    at = datetime.now(UTC)
    for path in releases(published):
        with suppress(ValueError):
            known = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
            at = max(at, known + timedelta(microseconds=1))
    return f"{at:{_NAME}}"


def find_damage(release: Path) -> Difference | None:
    """The first file of a release that differs from what was published.

    Unexpected files are ignored, except a write-ahead log, which DuckDB reads with the database.
    """
    logs = (found for found in unexpected_files(release) if found.path.suffix == ".wal")
    return next(differences(release), None) or next(logs, None)


def last_undamaged(published: Path) -> Path | None:
    """The last release whose compared files are as published."""
    newest_first = reversed(releases(published))
    return next((path for path in newest_first if not any(differences(path, _COMPARED))), None)


def remove_leftovers(published: Path) -> None:
    """Remove leftovers of killed runs: unfinished folders, and releases newer than `latest`."""
    latest = latest_release(published)
    newer = [path for path in releases(published) if latest and path.name > latest.name]
    for leftover in [*published.glob(f"{UNFINISHED}*"), *newer]:
        leftover.unlink() if leftover.is_symlink() else shutil.rmtree(leftover)


def make_read_only(folder: Path) -> None:
    """Protect the files from accidental changes. Folders stay writable so they can be removed."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(path.stat().st_mode & ~0o222)


def set_aside(release: Path) -> None:
    """Rename a damaged release so that it no longer counts as a release."""
    release.replace(release.with_name(f"{release.name}{_DAMAGED}"))


def prune(published: Path) -> None:
    """Remove all but the last ten releases and the last damaged one.

    Readers that have a removed release open can still read it until they close it.
    """
    kept = latest_release(published)
    damaged = sorted(published.glob(f"*{_DAMAGED}"))
    for path in [*releases(published)[:-KEPT_RELEASES], *damaged[:-1]]:
        if path.resolve() != kept:
            shutil.rmtree(path)
