"""Checks that a run can write to the data directory, and recognises errors of the disk.

Python, SQLite, SQLAlchemy, DuckDB, Polars and dbt each raise different errors for a full disk. All
of them carry an error number or the system's message for it, which is what is recognised here.
"""

import errno
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapers.errors import FilingsError, shortened

# A first run over all documents writes 55 MB, a later one about 30 MB.
FREE_BYTES = 64 * 1024 * 1024
# The largest file is the warehouse, with about 15 MB.
LARGEST_FILE_BYTES = 32 * 1024 * 1024
MAX_QUOTED = 300

_TOO_LARGE = "a file exceeds the size limit (ulimit -f)"
_FULL = "the disk is full"
_READ_ONLY = "the disk is read-only"
_FORBIDDEN = "writing there is not permitted"
_BROKEN = "the disk reports an error"
_MEANINGS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: _TOO_LARGE,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EIO: _BROKEN,
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.ENAMETOOLONG: "the path is too long",
}
# Prefixes of SQLite's extended error codes.
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _BROKEN,
    "SQLITE_READONLY": _FORBIDDEN,
    "SQLITE_CANTOPEN": _FORBIDDEN,
}
_WORDS = {
    **{os.strerror(number).lower(): meaning for number, meaning in _MEANINGS.items()},
    "database or disk is full": _FULL,
    "disk i/o error": _BROKEN,
    "attempt to write a readonly database": _FORBIDDEN,
    "unable to open database file": _FORBIDDEN,
}


class DiskError(FilingsError):
    """The data directory cannot be written to."""


def require_writable(folder: Path) -> None:
    """Create a folder if it is missing, and check that a run can write to it.

    Raises DiskError if the folder or a folder in it is not writable, if there is too little disk
    space, or if the limit on file sizes is too low.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            probe.flush()
        closed = [path for path in folder.iterdir() if path.is_dir() and not _may_write(path)]
        free = shutil.disk_usage(folder).free
    except OSError as error:
        meaning = _meaning_of(error) or "it cannot be used as a folder"
        raise _disk_error(meaning, error, folder) from error
    if closed:
        raise DiskError(f"{closed[0]} cannot be written: {_FORBIDDEN}", remedy=_remedy(folder))
    if free < FREE_BYTES:
        raise DiskError(
            f"{folder} has {free / 1e6:.0f} MB of free space, "
            f"but a run needs {FREE_BYTES / 1e6:.0f} MB",
            remedy="Free some space, or choose another folder (FILINGS_DATA_DIR)",
        )
    largest, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if 0 <= largest < LARGEST_FILE_BYTES:
        raise DiskError(
            f"files are limited to {largest / 1e6:.2f} MB (ulimit -f), "
            f"but a run needs files of {LARGEST_FILE_BYTES / 1e6:.0f} MB",
            remedy="Raise the limit",
        )


@contextmanager
def disk_errors_named(folder: Path) -> Iterator[None]:
    """Convert any error caused by the disk to a DiskError about `folder`."""
    try:
        yield
    except FilingsError:
        raise
    except Exception as error:
        if named := disk_error(error, folder):
            raise named from error
        raise


def disk_error(error: BaseException, folder: Path) -> DiskError | None:
    """Return a DiskError if the disk caused an error or one of its causes, or None."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen and not isinstance(link, FilingsError):
        if meaning := _meaning_of(link):
            return _disk_error(meaning, link, folder)
        seen.append(link)
        link = link.__cause__ or link.__context__
    return None


def explained(problem: str, folder: Path) -> str:
    """The text of a problem, with an explanation if the disk caused it."""
    meaning = None if problem.startswith(str(folder)) else _meaning_in(problem)
    return str(_disk_error(meaning, problem, folder)) if meaning else problem


def _meaning_of(error: BaseException) -> str | None:
    if isinstance(error, OSError) and error.errno:
        return _MEANINGS.get(error.errno)
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorname", "")
        return next((text for name, text in _SQLITE.items() if code.startswith(name)), None)
    return _meaning_in(str(error))


def _meaning_in(text: str) -> str | None:
    lower = text.lower()
    return next((meaning for words, meaning in _WORDS.items() if words in lower), None)


def _disk_error(meaning: str, cause: object, folder: Path) -> DiskError:
    # The first line only: SQLAlchemy appends the statement and a link.
    quoted = shortened(next(iter(str(cause).splitlines()), ""), MAX_QUOTED)
    return DiskError(f"{folder} cannot be written: {meaning} ({quoted})", remedy=_remedy(folder))


def _remedy(folder: Path) -> str:
    return (
        f"Check the disk and the permissions of {folder}, then run again. "
        "The last release is unchanged"
    )


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)
