"""The published releases: the latest one, their data packages, and checks of their files."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapers.files import file_sha256, sync

LATEST = "latest"
UNFINISHED = ".unfinished-"
DESCRIPTOR = "datapackage.json"
REPORT = "panorama.html"
# A release is named after its time. Any century matches, because the clock may have been wrong.
RELEASE_NAMES = "[0-9]*T*Z"


@dataclass(frozen=True)
class Difference:
    """A file of a release that does not match its data package, and how."""

    path: Path
    found: str


def latest_release(published: Path) -> Path | None:
    """The folder that `latest` points to, or None before the first release."""
    link = published / LATEST
    return link.resolve() if link.exists() else None


def switch_latest(published: Path, name: str) -> None:
    """Point the link `latest` to release `name`, atomically."""
    # The release must be on disk before anything points to it.
    sync(published)
    link = published / f"{UNFINISHED}{LATEST}"
    link.symlink_to(name)
    link.replace(published / LATEST)
    sync(published)


def releases(published: Path) -> list[Path]:
    """All release folders, oldest first."""
    return sorted(path for path in published.glob(RELEASE_NAMES) if path.is_dir())


def descriptor(release: Path) -> dict[str, Any]:
    """The data package of a release; empty if unreadable, which must not stop a publication."""
    try:
        package = json.loads((release / DESCRIPTOR).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return package if isinstance(package, dict) else {}


def differences(release: Path, names: Collection[str] | None = None) -> Iterator[Difference]:
    """Files that are missing, unreadable, or differ from the data package in size or sha256.

    `names` are the files to check, by default all files in the data package.
    """
    stated = _stated(release)
    if stated is None:
        yield Difference(release / DESCRIPTOR, "cannot be read")
        return
    for name in sorted(stated if names is None else names):
        path = release / name
        try:
            found_now = path.stat().st_size, f"sha256:{file_sha256(path)}"
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            found = "is missing" if is_missing else f"cannot be read ({error.strerror})"
            yield Difference(path, found)
            continue
        if stated.get(name) != found_now:
            yield Difference(path, "is not what was published")


def stated_files(release: Path) -> set[str]:
    """The files that the data package of a release lists; empty if it cannot be read."""
    return set(_stated(release) or ())


def unexpected_files(release: Path) -> Iterator[Difference]:
    """Files in the folder of a release that its data package does not list."""
    named = stated_files(release) | {DESCRIPTOR}
    for path in sorted(release.rglob("*")):
        if not path.is_dir() and path.relative_to(release).as_posix() not in named:
            yield Difference(path, "does not belong to the release")


def _stated(release: Path) -> dict[str, tuple[int, str]] | None:
    """The size and hash of each file by its data package; None if that cannot be read."""
    try:
        resources = descriptor(release)["resources"]
        return {str(item["path"]): (item["bytes"], item["hash"]) for item in resources}
    except (LookupError, TypeError):
        return None
