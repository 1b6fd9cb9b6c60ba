"""Paths for DuckDB's readers of files, which take them as patterns: `[` and `*` act in them."""

import re
from pathlib import Path

_MEANING = re.compile(r"[\[*?]")


def exactly(path: Path) -> str:
    """A pattern that only this path fits."""
    return _MEANING.sub(lambda sign: f"[{sign.group()}]", str(path))
