"""The record of the last release whose files were compared with their hashes.

An unchanged run compares sizes and times instead of contents, which would take longer with every
list. What changes a file also changes its times; errors of the disk are found by `filings check`,
which removes the record, and by the next run that makes a release.
"""

import json
from pathlib import Path
from typing import Any

from scrapers.files import write_json

# The content hash of a later build with the same marts as the release.
_BUILD = "build_sha256"


def is_verified(release: Path) -> bool:
    """Whether no file of a release was written, added or removed since it was recorded."""
    return bool(_read(release).get(release.name) == _stamps(release))


def record_verified(release: Path, build: str | None = None) -> None:
    """Record the files of a release whose contents are known to be right.

    `build` is the content hash of a build that would give the same release.
    """
    known = _read(release)
    kept = known.get(_BUILD) if release.name in known else None
    write_json(_record(release), {release.name: _stamps(release), _BUILD: build or kept})


def same_build(release: Path) -> str | None:
    """The content hash of a later build that would give this release, if one is on record."""
    known = _read(release)
    return known.get(_BUILD) if release.name in known else None


def forget_verified(published: Path) -> None:
    """Remove the record, so that the next run reads every file of the latest release."""
    _path(published).unlink(missing_ok=True)


def _read(release: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(_record(release).read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError):
        return {}


def _record(release: Path) -> Path:
    return _path(release.parent)


def _path(published: Path) -> Path:
    """Outside the folder of releases, which may be copied to another machine."""
    return published.with_name(f"{published.name}.verified.json")


def _stamps(release: Path) -> dict[str, list[int]]:
    """{file: its size, its times and its inode}."""
    return {
        path.relative_to(release).as_posix(): [
            (found := path.stat()).st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        ]
        for path in sorted(release.rglob("*"))
        if path.is_file()
    }  # fmt: skip
