"""Escapes paths for DuckDB's file readers, which treat them as glob patterns."""

import re
from pathlib import Path

_WILDCARD = re.compile(r"[\[*?]")


def exactly(path: Path) -> str:
    """Return a glob pattern that matches this path only."""
    return _WILDCARD.sub(lambda match: f"[{match.group()}]", str(path))
