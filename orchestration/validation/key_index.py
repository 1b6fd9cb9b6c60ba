"""Which documents have rows with some keys: an index, so that one need not read them all.

It holds the hashes of the keys of every accepted version, in an SQLite file. It only proposes
documents: a caller compares their rows. It is derived from the rows and may be deleted.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
    create table if not exists versions (
        id integer primary key, folder text, rows_sha256 text, unique (folder, rows_sha256)
    );
    create table if not exists keys (
        key integer, version integer, primary key (key, version)
    ) without rowid;
"""
# SQLite takes a limited number of values in a query.
_MOST_VALUES = 500

Indexed = tuple[str, str]
"""The folder of an accepted version, and the sha256 of its rows."""


class KeyIndex:
    """The index in the file `path`.

    All methods but `clear` raise sqlite3.DatabaseError if the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def versions(self) -> set[Indexed]:
        """The versions in the index."""
        with self._opened() as database:
            return set(database.execute("select folder, rows_sha256 from versions"))

    def add(self, versions: Iterable[tuple[Indexed, Collection[str]]]) -> None:
        """Add versions with their keys, unless they are in the index."""
        with self._opened() as database:
            for indexed, keys in versions:
                query = "insert or ignore into versions (folder, rows_sha256) values (?, ?)"
                added = database.execute(query, indexed)
                if not added.rowcount:
                    continue
                rows = ((key, added.lastrowid) for key in sorted(set(map(_hash, keys))))
                database.executemany("insert into keys values (?, ?)", rows)

    def folders(self, keys: Collection[str], more_than: float) -> list[str]:
        """The folders of the versions that have more than so many of the keys, sorted.

        There may be too many of them, since two keys may have the same hash.
        """
        found: Counter[str] = Counter()
        wanted = sorted(set(map(_hash, keys)))
        with self._opened() as database:
            for start in range(0, len(wanted), _MOST_VALUES):
                some = wanted[start : start + _MOST_VALUES]
                marks = ",".join("?" * len(some))
                query = f"select version from keys where key in ({marks})"
                found.update(version for (version,) in database.execute(query, some))
            named = dict(database.execute("select id, folder from versions")) if found else {}
        return sorted({named[number] for number, count in found.items() if count > more_than})

    def clear(self) -> None:
        """Remove the file."""
        for suffix in ("", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The database, in one transaction."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path)
        try:
            database.executescript(_SCHEMA)
            with database:
                yield database
        finally:
            database.close()


def _hash(key: str) -> int:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
