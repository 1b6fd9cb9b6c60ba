"""The record of the last release whose files were compared with their hashes.

An unchanged run compares sizes and times instead of contents, which would take longer with every
list. What changes a file also changes its times; errors of the disk are found by `filings check`.
"""

import json
from pathlib import Path

from scrapers.files import write_json


def is_verified(release: Path) -> bool:
    """Whether no file of a release was written, added or removed since it was recorded."""
    try:
        known = json.loads(_record(release).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return bool(known == {release.name: _stamps(release)})


def record_verified(release: Path) -> None:
    """Record the files of a release whose contents are known to be right."""
    write_json(_record(release), {release.name: _stamps(release)})


def _record(release: Path) -> Path:
    """Outside the folder of releases, which may be copied to another machine."""
    return release.parent.with_name(f"{release.parent.name}.verified.json")


def _stamps(release: Path) -> dict[str, list[int]]:
    """{file: its size, its times and its inode}."""
    return {
        path.relative_to(release).as_posix(): [
            (found := path.stat()).st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        ]
        for path in sorted(release.rglob("*"))
        if path.is_file()
    }  # fmt: skip
