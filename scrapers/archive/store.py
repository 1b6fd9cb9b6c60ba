"""The raw archive, `data/raw/`: every distinct version of every document, as fetched.

It has one folder per document (`011/`, `cancellations/<notice id>/`), and one for the notice list
(`notices/`). A folder contains the files, named by time and hash, and a sidecar with their metadata
(see `sidecar.py`). The archive is append-only, because it is the only store that cannot be rebuilt.

There are two exceptions to that. A damaged or missing file is restored when the source sends the
same bytes again. In a series of documents rejected for the same reason, a new document replaces the
last one, so that only the first and the last are kept.
"""

import hashlib
import logging
import os
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path

from scrapers.archive.facts import NO_FACTS, Facts
from scrapers.archive.sidecar import (
    SIDECAR,
    Role,
    Version,
    name_time,
    next_seen_at,
    read_sidecar,
    repair_sidecar,
    sidecar_bytes,
    version_name,
    write_sidecar,
)
from scrapers.errors import ArchiveError
from scrapers.files import write_bytes
from scrapers.http.responses import Fetched

_log = logging.getLogger(__name__)


class Archive:
    """Stores, looks up and verifies raw documents below `root`.

    Access to a folder with an unreadable sidecar raises ArchiveError. Methods that go through all
    folders skip it, and `unreadable` returns it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def latest_of(self, role: Role, parent: str | None = None) -> dict[str, Version]:
        """The latest version with a role, by folder. With `parent`, only of its own folders."""
        found = {}
        for folder, documents in self._readable(parent).items():
            if versions := [version for version in documents if version.role == role]:
                found[folder] = versions[-1]
        return found

    def folders(self, parent: str | None = None) -> list[str]:
        """Every folder that contains a sidecar, its copy, or documents.

        With `parent`, only those directly in that folder; the parent of `011` is empty.
        """
        if parent is not None:
            return self._folders_in(parent)
        found = [
            Path(folder).relative_to(self.root).as_posix()
            for folder, _, names in os.walk(self.root)
            if any(not name.startswith(".") for name in names)
        ]
        return sorted(name for name in found if name != ".")

    def unreadable(self, parent: str | None = None) -> dict[str, ArchiveError]:
        """The folders with an unreadable sidecar, and the error of each; see `folders`."""
        found = {}
        for folder in self.folders(parent):
            try:
                self.documents(folder)
            except ArchiveError as error:
                found[folder] = error
        return found

    def documents(self, folder: str) -> list[Version]:
        """All documents in a folder, oldest first."""
        return read_sidecar(self.root, folder)

    def versions(self, folder: str, role: Role) -> list[Version]:
        """The documents with a role in a folder, oldest first."""
        return [version for version in self.documents(folder) if version.role == role]

    def latest(self, folder: str, role: Role) -> Version | None:
        return next(iter(reversed(self.versions(folder, role))), None)

    def holds(self, folder: str, sha256: str) -> bool:
        """Whether the folder contains a document with this hash, in any role."""
        return any(version.sha256 == sha256 for version in self.documents(folder))

    def newest(self) -> datetime | None:
        """The latest `retrieved_at` of all documents, or None for an empty archive."""
        held = chain.from_iterable(self._readable().values())
        return max((version.retrieved_at for version in held), default=None)

    def sources(self) -> list[str]:
        """The sources that documents are known to come from, that of the oldest document first."""
        held = sorted(chain.from_iterable(self._readable().values()), key=lambda item: item.version)
        return list(dict.fromkeys(item.fetched_from for item in held if item.fetched_from))

    def store(
        self,
        folder: str,
        role: Role,
        fetched: Fetched,
        *,
        suffix: str,
        media_type: str,
        content_sha256: str | None = None,
        facts: Facts = NO_FACTS,
        replaces: Collection[Version] = (),
        has_new_facts: bool = False,
    ) -> tuple[Version, bool]:
        """Store a response, unless the latest version has the same bytes or content.

        `content_sha256` defaults to the hash of the bytes. With `has_new_facts`, a known document
        is stored too. `replaces` are rejected versions to remove. Returns the version with this
        content, and whether it is new. Raises ArchiveError.
        """
        sha256 = hashlib.sha256(fetched.content).hexdigest()
        content_sha256 = content_sha256 or sha256
        self.repair(folder, fetched.content)
        known = self.documents(folder)
        last = next((item for item in reversed(known) if item.role == role), None)
        is_known = last and (last.sha256 == sha256 or last.content_sha256 == content_sha256)
        if last and is_known and not has_new_facts:
            return last, False
        name = self._interrupted_name(folder, known, sha256, suffix) or version_name(
            next_seen_at(fetched.retrieved_at, known), sha256
        )
        version = Version(
            folder=folder,
            role=role,
            version=name,
            path=self.root / folder / f"{name}.{suffix}",
            media_type=media_type,
            url=fetched.url,
            final_url=fetched.final_url,
            retrieved_at=fetched.retrieved_at,
            seen_at=name_time(name) or fetched.retrieved_at,
            size=len(fetched.content),
            sha256=sha256,
            content_sha256=content_sha256,
            headers=dict(fetched.headers),
            facts=facts,
            fetched_from=fetched.fetched_from,
        )
        kept = [item for item in known if item not in replaces]
        sidecar = sidecar_bytes(folder, [*kept, version])
        self._remove_leftovers(folder)
        # The document is written before the sidecar, which never names a missing file.
        write_bytes(version.path, fetched.content)
        write_sidecar(self.root / folder, sidecar)
        for replaced in replaces:
            replaced.path.unlink(missing_ok=True)
        return version, True

    def repair(self, folder: str, content: bytes) -> None:
        """Restore files that had this content and are damaged or missing."""
        sha256 = hashlib.sha256(content).hexdigest()
        for version in self.documents(folder):
            if version.sha256 == sha256 and not _holds(version.path, content):
                write_bytes(version.path, content)
                _log.warning(
                    "%s was damaged or missing. It is restored: the source sent the same bytes",
                    version.path,
                )

    def repair_sidecars(self) -> None:
        """Restore each unreadable sidecar from its copy, and each copy from its sidecar.

        Only a run that holds the lock of the data directory may call this.
        """
        for folder in self.folders():
            if message := repair_sidecar(self.root, folder):
                _log.warning(message)

    def read(self, version: Version) -> bytes:
        """The bytes of a version. Raises ArchiveError if the file is missing or has changed."""
        try:
            content = version.path.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{version.path} is missing", remedy="Restore it from a backup"
            ) from error
        except OSError as error:
            raise ArchiveError(
                f"{version.path} cannot be read ({error.strerror})",
                remedy="Restore it from a backup",
            ) from error
        if hashlib.sha256(content).hexdigest() != version.sha256:
            raise ArchiveError(
                f"{version.path} has changed since it was archived (its sha256 differs)",
                remedy="Restore it from a backup",
            )
        return content

    def _folders_in(self, parent: str) -> list[str]:
        try:
            with os.scandir(self.root / parent) as entries:
                found = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        prefix = f"{parent}/" if parent else ""
        return sorted(f"{prefix}{entry.name}" for entry in found if _has_files(entry.path))

    def _readable(self, parent: str | None = None) -> dict[str, list[Version]]:
        """All documents by folder, without unreadable folders; see `folders`."""
        found = {}
        for folder in self.folders(parent):
            with suppress(ArchiveError):
                found[folder] = self.documents(folder)
        return found

    def _interrupted_name(
        self, folder: str, known: list[Version], sha256: str, suffix: str
    ) -> str | None:
        """The name of a copy of this document that a run wrote before it was killed."""
        named = {version.path.name for version in known}
        for path in sorted((self.root / folder).glob(f"*z-{sha256[:12]}.{suffix}")):
            written_at = name_time(path.stem)
            is_in_order = written_at and next_seen_at(written_at, known) == written_at
            if path.name not in named and is_in_order:
                return path.stem
        return None

    def _remove_leftovers(self, folder: str) -> None:
        """Remove the temporary files of runs that were killed during a write."""
        for part in (self.root / folder).glob(".*.part"):
            part.unlink(missing_ok=True)


def _has_files(folder: str) -> bool:
    """Whether a folder has a file that is not hidden. Almost all have a sidecar."""
    if os.path.isfile(f"{folder}/{SIDECAR}"):  # noqa: PTH113
        return True
    _, _, names = next(os.walk(folder), ("", [], []))
    return any(not name.startswith(".") for name in names)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
