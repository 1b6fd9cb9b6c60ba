"""The build cache: the warehouse is rebuilt only when its inputs have changed.

A build is a pure function of the validated files, the seeds and the dbt project, and would take a
third of an otherwise unchanged run. The results of the last build are stored and reported again.
"""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import duckdb

from orchestration import classification
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.file_hashes import FileHashes
from orchestration.runtime.progress import MODELS, ProgressEvent, emit
from orchestration.warehouse import project
from orchestration.warehouse.builds import Build
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError
from scrapers.fields import text_keys
from scrapers.files import write_json


class WarehouseHeldError(FilingsError):
    """Another program has the warehouse open."""


def bring_up_to_date(data: DataDir) -> tuple[Build, bool]:
    """Build the warehouse if needed; the build it contains, and whether that is new.

    Raises WarehouseHeldError if another program has the warehouse open.
    """
    inputs = inputs_sha256(data)
    known = _recorded(data, inputs)
    if known and _opens(data.warehouse, read_only=True):
        return known, False
    if not _opens(data.warehouse, read_only=False):
        emit(ProgressEvent(MODELS, f"{data.warehouse.name} cannot be opened and is rebuilt"))
    # A damaged file may still open and then fail halfway through a build, so start afresh.
    discard(data)
    from orchestration.warehouse.runner import build  # dbt takes a while to import

    built = build(data)
    if not built.failures:
        record = {"inputs": inputs, "warehouse": _stamp(data), "build": asdict(built)}
        write_json(_record(data), record)
    return built, True


def content_hash(data: DataDir) -> str | None:
    """The content hash of the build in the warehouse, or None if the build is not on record."""
    built = _recorded(data)
    return built.content_hash if built else None


def discard(data: DataDir) -> None:
    """Remove the warehouse; the next build recreates it completely."""
    warehouse = data.warehouse
    for path in (_record(data), warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
        path.unlink(missing_ok=True)


def last_warnings(data: DataDir) -> list[str]:
    """The warnings of the data tests in the last build."""
    try:
        return list(json.loads((_record(data)).read_bytes())["build"]["warnings"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def _record(data: DataDir) -> Path:
    """The file with the results of the last build."""
    return data.dbt / "last_build.json"


def _opens(warehouse: Path, *, read_only: bool) -> bool:
    """Whether the file is missing or can be opened.

    False if it is damaged or from an incompatible DuckDB version. Raises WarehouseHeldError if
    another program has it open.
    """
    if not warehouse.exists():
        return True
    try:
        duckdb.connect(str(warehouse), read_only=read_only).close()
    except duckdb.IOException as error:
        if not str(error).removeprefix("IO Error: ").startswith("Could not set lock"):
            return False
        raise WarehouseHeldError(
            f"{warehouse} is open in another program ({error})",
            remedy="Close it there. To query, open the release: "
            f"{warehouse.parent / 'published' / 'latest'}",
        ) from error
    except duckdb.Error:
        return False
    return True


def _recorded(data: DataDir, inputs: str | None = None) -> Build | None:
    """The recorded build of the warehouse file, if it was made from `inputs` (None for any)."""
    try:
        record = json.loads((_record(data)).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if record.get("warehouse") != _stamp(data) or inputs not in (None, record.get("inputs")):
        return None
    try:
        build = dict(record["build"])
        tables = {name: TableFacts(**facts) for name, facts in build.pop("tables").items()}
        return Build(**build, tables=tables)
    except (KeyError, TypeError):
        # Written by a version of this program with other fields in its record.
        return None


def inputs_sha256(data: DataDir) -> str:
    """The hash of everything that a build reads. Validated files are hashed if they changed.

    The caller must hold the run lock.
    """
    digest = hashlib.sha256(project.project_sha256().encode())
    for path in (
        *sorted((project.SEEDS_DIR).glob("*.csv")),
        # Called by a Python model.
        *sorted(Path(classification.__file__).parent.glob("*.py")),
        Path(text_keys.__file__),
    ):
        digest.update(path.name.encode() + path.read_bytes())
    hashes = FileHashes(data.validated)
    for folder, below, names in os.walk(data.validated):
        below.sort()
        for name in sorted(name for name in names if name.endswith(".parquet")):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(data.validated)} {hashes.of(path)}\n".encode())
    hashes.save()
    return digest.hexdigest()


def _stamp(data: DataDir) -> list[int]:
    """Size and modification time of the warehouse file, to detect that it was replaced."""
    try:
        stat = (data.warehouse).stat()
    except FileNotFoundError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
