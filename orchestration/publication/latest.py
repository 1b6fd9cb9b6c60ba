"""Where the latest release is, and what it says of itself."""

import json
from pathlib import Path
from typing import Any

LATEST = "latest"
DESCRIPTOR = "datapackage.json"
REPORT = "panorama.html"


def latest_release(published: Path) -> Path | None:
    """The folder that `latest` points to, or None before the first release."""
    link = published / LATEST
    return link.resolve() if link.exists() else None


def descriptor(release: Path) -> dict[str, Any]:
    """The release's data package; empty if it was damaged by hand, no reason not to publish."""
    try:
        package = json.loads((release / DESCRIPTOR).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return package if isinstance(package, dict) else {}
