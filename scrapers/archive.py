"""The raw archive, `data/raw/`: every distinct version of every document, as it was fetched.

One folder a batch (`011/`), one a cancellation notice (`cancellations/<notice id>/`) and one for
the notice list (`notices/`). A folder holds the bytes, named by time and hash, and a Frictionless
Data Package (`datapackage.json`) that says of each where it came from. It is append only: this is
the one store that cannot be rebuilt.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from scrapers.answers import Fetched
from scrapers.errors import ArchiveError
from scrapers.files import write_bytes, write_json

Role = Literal["notices", "page", "list", "cancellation", "rejected"]
SIDECAR = "datapackage.json"
PROFILE = "data-package"


@dataclass(frozen=True)
class Version:
    """One archived document.

    `version` names it within its folder and sorts by time. `content_sha256` is the hash of what
    the document says (a list's table, a page's facts), so that versions which differ in bytes
    only can be told from amendments. `facts` holds what was read off on the way to it.
    """

    folder: str
    role: Role
    version: str
    path: Path
    media_type: str
    url: str
    final_url: str
    retrieved_at: datetime
    size: int
    sha256: str
    content_sha256: str
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


class Archive:
    """Store, look up and verify raw documents below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def batch_nos(self) -> list[int]:
        """The batches of which at least one list is held."""
        folders = sorted(path.parent.name for path in self.root.glob(f"[0-9]*/{SIDECAR}"))
        return [int(name) for name in folders if self.versions(name, "list")]

    def folders_below(self, parent: str) -> list[str]:
        """The folders of documents inside another one, as `cancellations/<notice id>`."""
        paths = sorted(self.root.glob(f"{parent}/*/{SIDECAR}"))
        return [path.parent.relative_to(self.root).as_posix() for path in paths]

    def versions(self, folder: str, role: Role) -> list[Version]:
        """The versions of one kind of document in a folder, oldest first."""
        return [version for version in self._all(folder) if version.role == role]

    def latest(self, folder: str, role: Role) -> Version | None:
        return next(iter(reversed(self.versions(folder, role))), None)

    def holds(self, folder: str, sha256: str) -> bool:
        """Whether the folder has these bytes, as any kind of document."""
        return any(version.sha256 == sha256 for version in self._all(folder))

    def store(
        self,
        folder: str,
        role: Role,
        fetched: Fetched,
        *,
        suffix: str,
        media_type: str,
        content_sha256: str | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> tuple[Version, bool]:
        """Keep what was fetched, unless the latest version says the same.

        Returns the version that stands for it, and whether it is new. `content_sha256` defaults
        to the hash of the bytes.
        """
        sha256 = hashlib.sha256(fetched.content).hexdigest()
        content_sha256 = content_sha256 or sha256
        known = self._all(folder)
        last = next((item for item in reversed(known) if item.role == role), None)
        if last and (last.sha256 == sha256 or last.content_sha256 == content_sha256):
            return last, False
        name = f"{fetched.retrieved_at:%Y%m%dt%H%M%S%f}z-{sha256[:12]}"
        version = Version(
            folder=folder,
            role=role,
            version=name,
            path=self.root / folder / f"{name}.{suffix}",
            media_type=media_type,
            url=fetched.url,
            final_url=fetched.final_url,
            retrieved_at=fetched.retrieved_at,
            size=len(fetched.content),
            sha256=sha256,
            content_sha256=content_sha256,
            headers=dict(fetched.headers),
            facts=dict(facts or {}),
        )
        # Bytes first: a sidecar never names a file that is not there.
        write_bytes(version.path, fetched.content)
        self._write_sidecar(folder, [*known, version])
        return version, True

    def read(self, version: Version) -> bytes:
        """The bytes of a version. Raises ArchiveError if they are gone or have changed."""
        try:
            content = version.path.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{version.path} is gone", remedy="Restore it from a copy"
            ) from error
        if hashlib.sha256(content).hexdigest() != version.sha256:
            raise ArchiveError(
                f"{version.path} is not what was archived (its sha256 differs)",
                remedy="Restore it from a copy",
            )
        return content

    def _all(self, folder: str) -> list[Version]:
        path = self.root / folder / SIDECAR
        try:
            package = json.loads(path.read_bytes())
            return [_from_resource(self.root, folder, item) for item in package["resources"]]
        except FileNotFoundError:
            return []
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ArchiveError(
                f"{path} cannot be read ({error!r})", remedy="Restore it from a copy"
            ) from error

    def _write_sidecar(self, folder: str, versions: list[Version]) -> None:
        subject = f"batch {folder}" if folder.isdigit() else folder
        write_json(
            self.root / folder / SIDECAR,
            {
                "profile": PROFILE,
                "name": f"raw-{folder}".lower().replace("/", "-").replace("%", "_"),
                "title": f"Documents as fetched: {subject}",
                "resources": [_to_resource(version) for version in versions],
            },
        )


def _to_resource(version: Version) -> dict[str, Any]:
    return {
        "name": f"{version.role}-{version.version}",
        "role": version.role,
        "version": version.version,
        "path": version.path.name,
        "mediatype": version.media_type,
        "bytes": version.size,
        "hash": f"sha256:{version.sha256}",
        "content_sha256": version.content_sha256,
        "sources": [{"title": "Cyberspace Administration of China", "path": version.url}],
        "final_url": version.final_url,
        "retrieved_at": version.retrieved_at.isoformat(),
        "headers": dict(version.headers),
        "facts": dict(version.facts),
    }


def _from_resource(root: Path, folder: str, resource: Mapping[str, Any]) -> Version:
    return Version(
        folder=folder,
        role=resource["role"],
        version=resource["version"],
        path=root / folder / resource["path"],
        media_type=resource["mediatype"],
        url=resource["sources"][0]["path"],
        final_url=resource["final_url"],
        retrieved_at=datetime.fromisoformat(resource["retrieved_at"]),
        size=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
        content_sha256=resource["content_sha256"],
        headers=resource["headers"],
        facts=resource["facts"],
    )
