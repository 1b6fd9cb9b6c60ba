"""The files of a store, by obstore. A file is written as a whole or not at all."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore.store import LocalStore, S3Store

from orchestration.publication.targets.interruptible import interruptibly
from scrapers.files import json_bytes, sync, sync_below

# The name of the hash among the metadata of an object. The ETag of a large object is no hash.
_SHA256 = "sha256"
# The limits of a whole call with its retries. An upload has many requests if the file is large.
_CALL_SECONDS, _UPLOAD_SECONDS = 20.0, 1_800.0

T = TypeVar("T")


@dataclass(frozen=True)
class Store:
    """A store; `folder` is None unless it is on this machine. Paths are relative to it."""

    label: str
    files: LocalStore | S3Store
    folder: Path | None = None

    def has(self, path: str, size: int, sha256: str) -> bool:
        """Whether a file with this size and hash is there."""
        if self.folder:
            local = self.folder / path
            if not local.is_file() or local.stat().st_size != size:
                return False
            return hashlib.sha256(local.read_bytes()).hexdigest() == sha256
        try:
            # Its body is not read.
            found = _called(lambda: obstore.get(self.files, path))
        except FileNotFoundError:
            return False
        return (found.meta["size"], found.attributes.get(_SHA256)) == (size, sha256)

    def send(self, path: str, content: Path | bytes, sha256: str, media_type: str) -> None:
        """Write a file."""
        attributes = {"Content-Type": media_type, _SHA256: sha256}
        self._put(path, content, attributes, _UPLOAD_SECONDS)

    def send_json(self, path: str, value: Any) -> None:
        """Write a file of JSON that changes with each release, so it must not be cached."""
        attributes = {"Content-Type": "application/json", "Cache-Control": "no-cache"}
        self._put(path, json_bytes(value), attributes, _CALL_SECONDS)

    def read_json(self, path: str) -> dict[str, Any] | None:
        """The object in a file of JSON: empty if the file is missing, None if it is unreadable."""
        try:
            content = _called(lambda: bytes(obstore.get(self.files, path).bytes()))
        except FileNotFoundError:
            return {}
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def folders(self) -> list[str]:
        """The names of the folders at the top."""
        found = _called(lambda: obstore.list_with_delimiter(self.files))
        return sorted(str(name).strip("/") for name in found["common_prefixes"])

    def settle(self, path: str) -> None:
        """Wait until a file or folder is on disk, if the store is a folder."""
        if self.folder:
            sync_below(self.folder / path)
            sync(self.folder)

    def _put(
        self, path: str, content: Path | bytes, attributes: dict[str, str], seconds: float
    ) -> None:
        stored = None if self.folder else attributes
        interruptibly(lambda: obstore.put(self.files, path, content, attributes=stored), seconds)


def _called(call: Callable[[], T]) -> T:
    """The result of a short call. Obstore waits in Rust, where no signal reaches it."""
    return interruptibly(call, _CALL_SECONDS)
