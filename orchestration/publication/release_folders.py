"""The release folders on disk: naming, damage checks, clean-up and retention."""

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.publication.changes import CHANGES
from orchestration.publication.latest import (
    UNFINISHED,
    Difference,
    descriptor,
    differences,
    latest_release,
    releases,
    stated_files,
    unexpected_files,
)
from orchestration.publication.registers import compared_marts
from orchestration.publication.verified import is_verified, record_verified
from orchestration.warehouse.marts import Mart, Previous
from orchestration.warehouse.updates import SMALLEST_UPDATED

KEPT_RELEASES = 10
# In the data package: the content hash of the warehouse's table of each mart, and how many releases
# in a row have updated a copy of the database of the one before.
TABLE_HASHES, DATABASE_UPDATES = "tables", "database_updates"
# Then a new database is written, because updated rows leave gaps in the file.
MOST_DATABASE_UPDATES = 30

_DAMAGED = ".damaged"
_NAME = "%Y%m%dT%H%M%S%fZ"
# Read for its counts of versions, with the marts of the registers.
_BATCHES = "parquet/batches.parquet"


def next_name(published: Path) -> str:
    """The name of a new release: the current time, but later than every existing name."""
    at = datetime.now(UTC)
    for path in releases(published):
        with suppress(ValueError):
            known = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
            at = max(at, known + timedelta(microseconds=1))
    return f"{at:{_NAME}}"


def find_damage(release: Path, *, by_content: bool = False) -> Difference | None:
    """The first file of a release that differs from what was published.

    Contents are read with `by_content`, or if a file was written since they were last compared.
    Unexpected files are ignored, except a write-ahead log, which DuckDB reads with the database.
    """
    if not by_content and is_verified(release):
        return None
    logs = (found for found in unexpected_files(release) if found.path.suffix == ".wal")
    damage = next(differences(release), None) or next(logs, None)
    if damage is None:
        record_verified(release)
    return damage


def last_undamaged(published: Path, marts: Iterable[Mart]) -> Path | None:
    """The last release whose files of compared marts are as published.

    A release need not have all of the marts: it can be older than a register.
    """
    compared = {f"parquet/{name}.parquet" for name, _ in compared_marts(marts)} | {_BATCHES}
    for path in reversed(releases(published)):
        if not any(differences(path, compared & stated_files(path))):
            return path
    return None


def previous_files(release: Path, tables: Mapping[str, str], presentation: str) -> Previous | None:
    """The files of an undamaged release that the next one can use; None if they are of no use.

    `tables` has the content hash of each table of the warehouse. The hash of the presentation is
    compared too, because the program and its libraries decide the bytes of the files. The database
    is used if it has large tables and was not updated too often.
    """
    package = descriptor(release)
    known = package.get(TABLE_HASHES)
    if package.get("presentation_sha256") != presentation or not isinstance(known, dict):
        return None
    unchanged = {name for name, found in tables.items() if known.get(name) == found}
    rows = max(
        (item.get("row_count", 0) for item in package["resources"] if item["name"] != CHANGES.name),
        default=0,
    )
    is_updated = (
        rows >= SMALLEST_UPDATED and package.get(DATABASE_UPDATES, 0) < MOST_DATABASE_UPDATES
    )
    return Previous(release, unchanged, is_updated)


def remove_leftovers(published: Path) -> None:
    """Remove leftovers of killed runs: unfinished folders, and releases newer than `latest`."""
    latest = latest_release(published)
    newer = [path for path in releases(published) if latest and path.name > latest.name]
    for leftover in [*published.glob(f"{UNFINISHED}*"), *newer]:
        leftover.unlink() if leftover.is_symlink() else shutil.rmtree(leftover)


def make_read_only(folder: Path) -> None:
    """Protect the files from accidental changes. Folders stay writable so they can be removed."""
    for path in folder.rglob("*"):
        mode = path.stat().st_mode
        # A linked file is read-only already, and may belong to another user.
        if path.is_file() and mode & 0o222:
            path.chmod(mode & ~0o222)


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
