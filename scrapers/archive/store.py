"""The raw archive, `data/raw/`: every distinct version of every document, as it was fetched.

There is one folder per document of a register (`011/`, `cancellations/<notice id>/`), and one for
what announces them (`notices/`). A folder holds the bytes, named by time and hash, and a sidecar
that says of each where it came from (`sidecar.py`). It is append only: this is the one store that
cannot be rebuilt.

Two things are written again. A document whose file is damaged or gone heals when the source sends
the same bytes. Of a series of documents rejected for the same reason, the first and the last are
kept: a new one takes the place of the last.
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
    Role,
    Version,
    mend_sidecar,
    name_time,
    next_seen_at,
    read_sidecar,
    sidecar_bytes,
    version_name,
    write_sidecar,
)
from scrapers.errors import ArchiveError
from scrapers.files import write_bytes
from scrapers.http.responses import Fetched

_log = logging.getLogger(__name__)


class Archive:
    """Store, look up and verify raw documents below `root`.

    A folder whose sidecar cannot be read raises ArchiveError when it is asked for, and is left
    out where folders are listed; `unreadable` names it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def latest_of(self, role: Role) -> dict[str, Version]:
        """The latest version of one role in each folder that has one and can be read."""
        found = {}
        for folder, documents in self._readable().items():
            if versions := [version for version in documents if version.role == role]:
                found[folder] = versions[-1]
        return found

    def folders(self) -> list[str]:
        """Every folder that has a sidecar, a copy of one, or documents."""
        found = [
            Path(folder).relative_to(self.root).as_posix()
            for folder, _, names in os.walk(self.root)
            if any(not name.startswith(".") for name in names)
        ]
        return sorted(name for name in found if name != ".")

    def unreadable(self) -> dict[str, ArchiveError]:
        """The folders whose sidecar cannot be read, and why."""
        found = {}
        for folder in self.folders():
            try:
                self.documents(folder)
            except ArchiveError as error:
                found[folder] = error
        return found

    def documents(self, folder: str) -> list[Version]:
        """Everything that is held in a folder, oldest first."""
        return read_sidecar(self.root, folder)

    def versions(self, folder: str, role: Role) -> list[Version]:
        """The versions of one kind of document in a folder, oldest first."""
        return [version for version in self.documents(folder) if version.role == role]

    def latest(self, folder: str, role: Role) -> Version | None:
        return next(iter(reversed(self.versions(folder, role))), None)

    def holds(self, folder: str, sha256: str) -> bool:
        """Whether the folder has these bytes, as any kind of document."""
        return any(version.sha256 == sha256 for version in self.documents(folder))

    def newest(self) -> datetime | None:
        """The latest time at which anything was retrieved, by the clock of that moment."""
        held = chain.from_iterable(self._readable().values())
        return max((version.retrieved_at for version in held), default=None)

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
        in_place_of: Collection[Version] = (),
        is_restated: bool = False,
    ) -> tuple[Version, bool]:
        """Keep what was fetched, unless the latest version says the same.

        `is_restated` keeps it all the same: its facts have been corrected.
        Returns the version that stands for it, and whether it is new. `content_sha256` defaults
        to the hash of the bytes. `in_place_of` are rejected versions that are dropped for it.
        Raises ArchiveError.
        """
        sha256 = hashlib.sha256(fetched.content).hexdigest()
        content_sha256 = content_sha256 or sha256
        self.heal(folder, fetched.content)
        known = self.documents(folder)
        last = next((item for item in reversed(known) if item.role == role), None)
        is_known = last and (last.sha256 == sha256 or last.content_sha256 == content_sha256)
        if last and is_known and not is_restated:
            return last, False
        name = self._left_name(folder, known, sha256, suffix) or version_name(
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
        )
        kept = [item for item in known if item not in in_place_of]
        sidecar = sidecar_bytes(folder, [*kept, version])
        self._remove_leftovers(folder)
        # Bytes first: a sidecar never names a file that is not there.
        write_bytes(version.path, fetched.content)
        write_sidecar(self.root / folder, sidecar)
        for dropped in in_place_of:
            dropped.path.unlink(missing_ok=True)
        return version, True

    def heal(self, folder: str, content: bytes) -> None:
        """Write these bytes again where a file that held them is damaged or gone."""
        sha256 = hashlib.sha256(content).hexdigest()
        for version in self.documents(folder):
            if version.sha256 == sha256 and not _holds(version.path, content):
                write_bytes(version.path, content)
                _log.warning(
                    "%s was damaged or gone: written again, the source sent the same bytes",
                    version.path,
                )

    def mend_sidecars(self) -> None:
        """Restore each sidecar that cannot be read from its copy, and each copy from its sidecar.

        Only for a run that holds the data directory.
        """
        for folder in self.folders():
            if message := mend_sidecar(self.root, folder):
                _log.warning(message)

    def read(self, version: Version) -> bytes:
        """The bytes of a version. Raises ArchiveError if they are gone or have changed."""
        try:
            content = version.path.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{version.path} is gone", remedy="Restore it from a copy"
            ) from error
        except OSError as error:
            raise ArchiveError(
                f"{version.path} cannot be read ({error.strerror})", remedy="Restore it from a copy"
            ) from error
        if hashlib.sha256(content).hexdigest() != version.sha256:
            raise ArchiveError(
                f"{version.path} is not what was archived (its sha256 differs)",
                remedy="Restore it from a copy",
            )
        return content

    def _readable(self) -> dict[str, list[Version]]:
        """What is held, by folder, where the sidecar can be read."""
        found = {}
        for folder in self.folders():
            with suppress(ArchiveError):
                found[folder] = self.documents(folder)
        return found

    def _left_name(self, folder: str, known: list[Version], sha256: str, suffix: str) -> str | None:
        """The name under which a run that was killed before the sidecar left the same document."""
        named = {version.path.name for version in known}
        for path in sorted((self.root / folder).glob(f"*z-{sha256[:12]}.{suffix}")):
            left_at = name_time(path.stem)
            if path.name not in named and left_at and next_seen_at(left_at, known) == left_at:
                return path.stem
        return None

    def _remove_leftovers(self, folder: str) -> None:
        """Remove the temporary files of runs that were killed while they wrote."""
        for part in (self.root / folder).glob(".*.part"):
            part.unlink(missing_ok=True)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
