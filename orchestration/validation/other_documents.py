"""The other documents of a register, for the gate that finds a document in the wrong place.

A document is compared only with those that share keys or content with it, so the work does not
depend on how many others there are. The indexes are brought up to date at the first look-up of a
run; after that, the validator adds what it accepts.
"""

import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration.validation.key_index import Indexed, KeyIndex
from orchestration.validation.results import ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.sidecar import Version

_log = logging.getLogger(__name__)


class Others:
    """The documents of one register."""

    def __init__(self, store: ValidatedStore) -> None:
        self.store = store
        self._keys: KeyIndex | None = None
        self._contents: dict[str, set[str]] | None = None

    def sharing(self, keys: Collection[str], more_than: float) -> list[str]:
        """The folders that may have an accepted version with more than so many of the keys.

        The caller compares the rows. Documents that were announced by mistake are left out.
        """
        try:
            found = self._index().folders(keys, more_than)
        except sqlite3.DatabaseError as error:
            self._discard_index(error)
            found = self._index().folders(keys, more_than)
        return sorted(set(found) & set(self.store.folders())) if found else []

    def with_content(self, content_sha256: str) -> list[str]:
        """The folders with an accepted version that has this content, sorted."""
        if self._contents is None:
            self._contents = {}
            for _, version, result, _ in self.store.validated_versions():
                if result.status == "accepted":
                    self._contents.setdefault(version.content_sha256, set()).add(version.folder)
        return sorted(self._contents.get(content_sha256, ()))

    def add(self, version: Version, result: ValidationResult) -> None:
        """Take a version into account that has just been validated."""
        if result.status != "accepted":
            return
        if self._keys:
            try:
                self._keys.add(self._indexed([result]))
            except sqlite3.DatabaseError as error:
                # The next look-up builds it again.
                self._discard_index(error)
        if self._contents is not None:
            self._contents.setdefault(version.content_sha256, set()).add(version.folder)

    def versions(self, folder: str) -> list[Version] | None:
        """The versions in a folder, oldest first. None if the archive's folder is unreadable."""
        return self.store.versions(folder)

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None:
        """The result of the version that was in use in a folder just before a moment, if any."""
        return self.store.in_use_at(folder, moment)

    def keys(self, result: ValidationResult) -> frozenset[str]:
        """The keys of the accepted rows of a version. Nothing else is read."""
        key = self.store.register.key
        path = self.store.files.rows_path(result.folder, result.version)
        return frozenset(pl.read_parquet(path, columns=[key], glob=False)[key].drop_nulls())

    def _index(self) -> KeyIndex:
        """The index of the keys, at first use brought up to date with what is accepted now."""
        if self._keys:
            return self._keys
        store = self.store
        accepted = [item for folder in store.folders() for item in store.accepted(folder)]
        wanted = {(item.folder, item.rows_sha256 or ""): item for item in accepted}
        index = KeyIndex(self._index_path)
        known = index.versions()
        if len(known - wanted.keys()) > len(wanted):
            # Most of the versions in it have been validated again.
            index.clear()
            known = set()
        index.add(self._indexed(item for key, item in wanted.items() if key not in known))
        # Only now is it complete.
        self._keys = index
        return index

    def _discard_index(self, error: sqlite3.DatabaseError) -> None:
        _log.warning("%s is damaged (%s) and is built again", self._index_path, error)
        KeyIndex(self._index_path).clear()
        self._keys = None

    @property
    def _index_path(self) -> Path:
        return self.store.root / f"{self.store.contract.tables.versions}.keys.sqlite"

    def _indexed(
        self, results: Iterable[ValidationResult]
    ) -> Iterator[tuple[Indexed, frozenset[str]]]:
        for item in results:
            yield (item.folder, item.rows_sha256 or ""), self.keys(item)
