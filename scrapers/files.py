"""Writing files so that a reader sees the old one or the new one, never a half.

A file reaches the disk before its name does: after a power cut, too, a name stands for a whole
file.
"""

import errno
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name next to `path` to write to; the file takes its place when all is well.

    Parent folders are made. After an error nothing is left.
    """
    make_folder(path.parent)
    part = temporary_name(path)
    try:
        yield part
        sync(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    sync(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    write_bytes(path, json_bytes(value))


def json_bytes(value: Any) -> bytes:
    """The value as `write_json` writes it. Raises UnicodeEncodeError for half a character."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each on the disk."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    """Have a file's contents, or the names in a folder, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems know of no such thing for a folder.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def sync_below(folder: Path) -> None:
    """Have everything in a folder written to the disk, the folder included."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def temporary_name(path: Path) -> Path:
    """A name in the same folder that no reader looks at; hidden, and without the suffix."""
    return path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}.part")
