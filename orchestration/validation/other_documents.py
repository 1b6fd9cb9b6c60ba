"""The other documents of a register, for the gate that finds a document in the wrong place.

A document is compared only with those that share keys or content with it, so the work does not
depend on how many others there are. The indexes are brought up to date at the first look-up of a
run; after that, the validator adds what it accepts.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import polars as pl

from orchestration.validation.key_index import KeyIndex
from orchestration.validation.results import ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.sidecar import Version


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
        if self._keys is None:
            self._keys = self._index()
        found = self._keys.folders(keys, more_than)
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
            self._add([result])
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
        """The index of the keys, with all versions that are accepted now."""
        store = self.store
        accepted = [item for folder in store.folders() for item in store.accepted(folder)]
        wanted = {(item.folder, item.rows_sha256 or ""): item for item in accepted}
        self._keys = KeyIndex(store.root / f"{store.contract.tables.versions}.keys.sqlite")
        known = self._keys.versions()
        if len(known - wanted.keys()) > len(wanted):
            # Most of the versions in it have been validated again.
            self._keys.clear()
            known = set()
        self._add(item for key, item in wanted.items() if key not in known)
        return self._keys

    def _add(self, results: Iterable[ValidationResult]) -> None:
        if self._keys:
            self._keys.add(((i.folder, i.rows_sha256 or ""), self.keys(i)) for i in results)
