"""The sources of a data directory, in `source.json` at its root: which registers it was made from.

The texts of the replica and of the live source differ, so a run from the other source would record
every difference as an amendment. The file is written before the first fetch. Runs from a source
that is not in it are refused, unless an operator adds it with `filings refresh --force`.
"""

import json
from pathlib import Path
from typing import Any

from orchestration.runtime.data_dir import DataDir
from scrapers.errors import FilingsError
from scrapers.files import write_json

SOURCE_FILE = "source.json"


class MixedSourcesError(FilingsError):
    """The configured source is not one of those that the data directory was made from."""


def recorded_sources(data: DataDir) -> tuple[str, ...]:
    """The sources of a data directory, first the one it began with; empty for a new directory.

    A directory without a readable file takes them from its latest release, else from its archive.
    """
    return _in_file(data) or _in_release(data) or tuple(data.archive.sources())


def source_text(data: DataDir, configured: str) -> str:
    """The recorded sources as text, such as `replica, live`; for a new directory, `configured`."""
    return ", ".join(recorded_sources(data) or [configured])


def require_source(data: DataDir, source: str) -> None:
    """Raise MixedSourcesError if the data directory was made from other sources. Writes nothing."""
    recorded = recorded_sources(data)
    if not recorded or source in recorded:
        return
    raise MixedSourcesError(
        f"{data.root} holds data from the source `{', '.join(recorded)}`, but FILINGS_SOURCE is "
        f"`{source}`. Nothing was written",
        remedy="Use a separate data directory for each source (FILINGS_DATA_DIR). To mix them in "
        "this one, run `filings refresh --force` once; all differences will appear as amendments",
    )


def record_source(data: DataDir, source: str) -> None:
    """Add a source to the record, and write the file if it is missing or incomplete."""
    recorded = recorded_sources(data)
    wanted = recorded if source in recorded else (*recorded, source)
    if wanted != _in_file(data):
        write_json(data.root / SOURCE_FILE, {"sources": list(wanted)})


def _in_file(data: DataDir) -> tuple[str, ...]:
    sources = _object_in(data.root / SOURCE_FILE).get("sources")
    if not isinstance(sources, list) or not all(isinstance(item, str) for item in sources):
        return ()
    return tuple(sources)


def _in_release(data: DataDir) -> tuple[str, ...]:
    """The sources in the data package of the latest release."""
    source = _object_in(data.published / "latest" / "datapackage.json").get("source")
    return tuple(source.split(", ")) if isinstance(source, str) and source else ()


def _object_in(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if there is none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
