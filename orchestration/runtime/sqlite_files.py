"""The size of Dagster's SQLite files, and returning their free space to the disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

# A file is rewritten only if that frees so much, and this part of it: free pages are used again.
WORTHWHILE_BYTES = 4 * 1024 * 1024
WORTHWHILE_PART = 0.25
BUSY_TIMEOUT_SECONDS = 5
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder and below it. Files may vanish meanwhile."""
    sizes = 0
    for path in folder.rglob("*"):
        try:
            sizes += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return sizes


def shrink(path: Path) -> str | None:
    """Rewrite a database without its free pages, if that is worthwhile.

    Other processes may have it open: SQLite makes them wait, and their row ids stay the same.
    Returns why the file could not be rewritten now, or None. The database is whole in any case.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, BUSY_TIMEOUT_SECONDS, isolation_level=None)) as database:
            if _is_worthwhile(database):
                database.execute("vacuum")
                # In WAL mode, the file itself becomes smaller at the checkpoint.
                database.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as error:
        return f"{path} was not made smaller ({error})"
    return None


def remove(path: Path) -> None:
    """Delete a database with the files that SQLite keeps next to it."""
    for suffix in _SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_worthwhile(database: sqlite3.Connection) -> bool:
    free, pages, page_size = (
        database.execute(f"pragma {name}").fetchone()[0]
        for name in ("freelist_count", "page_count", "page_size")
    )
    return bool(free * page_size >= WORTHWHILE_BYTES and free >= WORTHWHILE_PART * pages)
