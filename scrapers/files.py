"""Atomic writes: a reader sees the old file or the new one, never a partial one.

A file is synced to disk before it is renamed, so its name refers to a complete file even after a
power failure.
"""

import errno
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; on success, it is renamed to `path`.

    Creates parent folders. After an error, `path` is unchanged and the temporary file is removed.
    """
    make_folder(path.parent)
    part = temporary_name(path)
    try:
        yield part
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file atomically, and create parent folders."""
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Replace a file with text in UTF-8, as `write_bytes` does."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    """Replace a file with indented JSON, as `write_bytes` does."""
    write_bytes(path, json_bytes(value))


def json_bytes(value: Any) -> bytes:
    """The value as `write_json` writes it. Raises UnicodeEncodeError for a lone surrogate."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, which is read in parts."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link_file(source: Path, path: Path) -> None:
    """Create `path` as a hard link, or as a copy where the file system has no links."""
    try:
        path.hardlink_to(source)
    except OSError:
        shutil.copy2(source, path)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, and sync each to disk."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    """Sync a file's contents, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot sync a folder.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def sync_below(folder: Path) -> None:
    """Sync a folder and everything in it to disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def temporary_name(path: Path) -> Path:
    """A hidden name in the same folder, with another suffix, so that readers ignore it."""
    return path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}.part")
