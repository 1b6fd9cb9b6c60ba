"""The hashes of the files in a folder. A file that has not changed is not read again.

They are recorded in the folder, `known_hashes.json`, together with the stamps of the files. The
check of the stores reads every file, and removes the record if it finds a damaged one.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from scrapers.files import write_json
from scrapers.stamps import Stamp, stamp_of

RECORD = "known_hashes.json"


class FileHashes:
    """The sha256 of files below `root`. With `trusts_record` false, every file is read once.

    `save` records the hashes for the next run, except those of files that had just been written.
    """

    def __init__(self, root: Path, *, trusts_record: bool = True) -> None:
        self.root = root
        self._prefix = len(str(root)) + 1
        self._known: dict[str, tuple[Stamp, str]] | None = None if trusts_record else {}
        self._to_record: set[str] = set()

    def of(self, path: Path) -> str | None:
        """The sha256 of a file in hex. None if the file cannot be read."""
        try:
            stamp = stamp_of(path)
        except OSError:
            return None
        name, hashes = self._name(path), self._hashes()
        known = hashes.get(name)
        if known and known[0] == stamp:
            return known[1]
        is_at_rest = stamp.is_at_rest
        sha256 = sha256_of(path)
        if sha256 is not None:
            hashes[name] = stamp, sha256
            (self._to_record.add if is_at_rest else self._to_record.discard)(name)
        return sha256

    def written(self, path: Path, sha256: str) -> None:
        """Remember the hash of a file that was just written, until the end of the run."""
        name = self._name(path)
        self._to_record.discard(name)
        # A file that is gone again has no hash.
        with suppress(FileNotFoundError):
            self._hashes()[name] = stamp_of(path), sha256

    def save(self) -> None:
        """Record the hashes that were computed, if any were, and drop those of removed files.

        The caller must hold the run lock.
        """
        if not self._to_record:
            return
        hashes = self._hashes()
        found = read_record(self.root) | {name: hashes[name] for name in self._to_record}
        kept = {
            name: [*stamp, sha256]
            for name, (stamp, sha256) in sorted(found.items())
            if (self.root / name).exists()
        }
        write_json(self.root / RECORD, kept)
        self._to_record.clear()

    def _hashes(self) -> dict[str, tuple[Stamp, str]]:
        if self._known is None:
            self._known = read_record(self.root)
        return self._known

    def _name(self, path: Path) -> str:
        return str(path)[self._prefix :]


def forget_hashes(root: Path) -> None:
    """Remove the record of a folder, so that the next run reads every file in it."""
    (root / RECORD).unlink(missing_ok=True)


def sha256_of(path: Path) -> str | None:
    """The sha256 of a file in hex. None if the file cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def read_record(root: Path) -> dict[str, tuple[Stamp, str]]:
    """The recorded stamps and hashes by relative path; none if the record cannot be read."""
    try:
        found = json.loads((root / RECORD).read_bytes())
        return {name: (Stamp(*item[:4]), str(item[4])) for name, item in found.items()}
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return {}
