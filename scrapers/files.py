"""Writing files so that a reader sees the old one or the new one, never a half."""

import json
import os
import uuid
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes) -> None:
    """Write to a temporary name beside `path`, then rename; parent folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = temporary_name(path)
    part.write_bytes(content)
    os.replace(part, path)


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def temporary_name(path: Path) -> Path:
    """A name in the same folder that no reader looks at; hidden, and without the suffix."""
    return path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}.part")
