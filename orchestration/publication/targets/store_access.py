"""Access to a store of files, by obstore: a folder, or a prefix of a bucket of S3.

Credentials, region and endpoint of S3 are read from the environment, as the tools of AWS do
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL). A file is written as a
whole or not at all.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from orchestration.publication.targets.delivered import TargetError
from scrapers.files import json_bytes, sync, sync_below

_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT")
_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# The name of the hash among the metadata of an object. The ETag of a large object is no hash.
_SHA256 = "sha256"
_RETRIES, _RETRY_SECONDS = 4, 60
_CONNECT, _REQUEST = "10s", "300s"


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
            found = obstore.get(self.files, path)
        except FileNotFoundError:
            return False
        return (found.meta["size"], found.attributes.get(_SHA256)) == (size, sha256)

    def send(self, path: str, content: Path | bytes, sha256: str, media_type: str) -> None:
        """Write a file."""
        attributes = {"Content-Type": media_type, _SHA256: sha256}
        obstore.put(self.files, path, content, attributes=None if self.folder else attributes)

    def send_json(self, path: str, value: Any) -> None:
        """Write a file of JSON that changes with each release, so it must not be cached."""
        attributes = {"Content-Type": "application/json", "Cache-Control": "no-cache"}
        content = json_bytes(value)
        obstore.put(self.files, path, content, attributes=None if self.folder else attributes)

    def read_json(self, path: str) -> dict[str, Any]:
        """The object in a file of JSON; empty if the file is missing or holds something else."""
        try:
            found = json.loads(bytes(obstore.get(self.files, path).bytes()))
        except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def folders(self) -> list[str]:
        """The names of the folders at the top."""
        found = obstore.list_with_delimiter(self.files)["common_prefixes"]
        return sorted(str(name).strip("/") for name in found)

    def settle(self, path: str) -> None:
        """Wait until a file or folder is on disk, if the store is a folder."""
        if self.folder:
            sync_below(self.folder / path)
            sync(self.folder)


@contextmanager
def open_store(target: str) -> Iterator[Store]:
    """Open a store: a folder, `file://` or `s3://bucket/prefix`.

    Raises TargetError for another address, and for every error of the store in the block.
    """
    store = _bucket(target) if target.startswith("s3://") else _folder(target)
    try:
        yield store
    except (BaseError, OSError, ValueError) as error:
        raise TargetError(
            f"{store.label}: {_message(error)}",
            remedy="The release before is still the latest there; the next run tries again",
        ) from None


def _folder(target: str) -> Store:
    folder = Path(target).expanduser()
    if "://" in target:
        parts = urlsplit(target)
        if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
            # The address is not shown: it may hold a password.
            raise _invalid("it is neither a folder nor s3://bucket/prefix")
        folder = Path(unquote(parts.path))
    folder = folder.resolve()
    try:
        return Store(str(folder), LocalStore(prefix=folder, mkdir=True), folder)
    except (BaseError, OSError) as error:
        raise TargetError(f"{folder}: {_message(error)}") from None


def _bucket(target: str) -> Store:
    parts = urlsplit(target)
    if "@" in parts.netloc:
        raise _invalid("it holds credentials, which belong in AWS_ACCESS_KEY_ID and so on")
    if not parts.netloc or parts.query or parts.fragment:
        raise _invalid("it is not like s3://bucket/prefix")
    endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    try:
        files = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _REQUEST,
            },
            retry_config={
                "max_retries": _RETRIES,
                "retry_timeout": timedelta(seconds=_RETRY_SECONDS),
            },
        )
    except (BaseError, ValueError) as error:
        raise TargetError(f"{target}: {_message(error)}") from None
    return Store(target.rstrip("/"), files)


def _invalid(found: str) -> TargetError:
    return TargetError(
        f"the address of the store (FILINGS_PUBLISH_TO or --to) cannot be used: {found}",
        remedy="Give a folder, or s3://bucket/prefix",
    )


def _message(error: Exception) -> str:
    """The message of an error in one line, without the debug part and without secrets."""
    text = " ".join(str(error).partition("Debug source:")[0].split())
    for secret in filter(None, map(os.environ.get, _SECRETS)):
        text = text.replace(secret, "***")
    return text
