"""The build cache: the warehouse is rebuilt only when its inputs have changed.

A build is a pure function of the validated files, the seeds and the dbt project, and would take a
third of an otherwise unchanged run. The results of the last build are stored and reported again. In
a large warehouse, only what changed documents concern is built (see `incremental`).
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import MODELS, ProgressEvent, emit
from orchestration.warehouse.builds import Build
from orchestration.warehouse.inputs import Inputs, read_inputs
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError
from scrapers.files import write_json

# The table with one row per registration, as in `incremental`, which is imported late.
ROWS = "int_current_rows"
# Below this number of registrations, a whole build takes no longer than one of the changes.
SMALLEST = 50_000
# Then everything is built again, because replaced rows leave gaps in the file.
MOST_CHANGED_BUILDS = 30


class WarehouseHeldError(FilingsError):
    """Another program has the warehouse open."""


def bring_up_to_date(data: DataDir, build: Callable[[], Build] | None = None) -> tuple[Build, bool]:
    """Build the warehouse if needed; the build it contains, and whether that is new.

    `build` takes the place of dbt's build of all models. It must give the same tables.
    Raises WarehouseHeldError if another program has the warehouse open.
    """
    inputs = read_inputs(data)
    known = _recorded(data, inputs)
    if known and _opens(data.warehouse, read_only=True):
        return known, False
    if not _opens(data.warehouse, read_only=False):
        emit(ProgressEvent(MODELS, f"{data.warehouse.name} cannot be opened and is rebuilt"))
    changed_builds = _read_record(data).get("changed_builds", 0) + 1
    is_whole = build is not None or changed_builds > MOST_CHANGED_BUILDS
    built = None if is_whole else _build_changed(data, inputs)
    if built is None:
        # A damaged file may still open and then fail halfway through a build, so start afresh.
        discard(data)
        changed_builds = 0
        built = build() if build else _build_all(data)
    if not built.failures:
        record = {
            "inputs": asdict(inputs),
            "warehouse": _stamp(data),
            "build": asdict(built),
            "changed_builds": changed_builds,
        }
        write_json(_record(data), record)
    return built, True


def _build_changed(data: DataDir, inputs: Inputs) -> Build | None:
    """Build what the changed documents concern; None if everything must be built.

    A build that fails is repeated as a whole, which shows all failures.
    """
    before, known = _recorded(data), _recorded_inputs(data)
    documents = inputs.changed_since(known) if known else None
    if before is None or ROWS not in before.tables or before.tables[ROWS].rows < SMALLEST:
        return None
    if documents is None:
        return None
    from orchestration.warehouse.incremental import build_changed  # dbt takes a while to import

    # From here on, the warehouse may differ from the record.
    _record(data).unlink()
    try:
        changed = build_changed(data, documents, before)
    except duckdb.Error as error:
        emit(ProgressEvent(MODELS, f"the changes cannot be built alone ({error})"))
        return None
    return None if changed is None or changed.failures else changed


def _build_all(data: DataDir) -> Build:
    from orchestration.warehouse.runner import build

    return build(data)


def content_hash(data: DataDir) -> str | None:
    """The content hash of the build in the warehouse, or None if the build is not on record."""
    built = _recorded(data)
    return built.content_hash if built else None


def table_hashes(data: DataDir) -> dict[str, str]:
    """The content hash of each table in the warehouse; empty if the build is not on record."""
    built = _recorded(data)
    return {name: facts.content_hash for name, facts in built.tables.items()} if built else {}


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


def _recorded(data: DataDir, inputs: Inputs | None = None) -> Build | None:
    """The recorded build of the warehouse file, if it was made from `inputs` (None for any)."""
    record = _read_record(data)
    if inputs and asdict(inputs) != record.get("inputs"):
        return None
    try:
        build = dict(record["build"])
        tables = {name: TableFacts(**facts) for name, facts in build.pop("tables").items()}
        return Build(**build, tables=tables)
    except (KeyError, TypeError):
        # Written by a version of this program with other fields in its record.
        return None


def _recorded_inputs(data: DataDir) -> Inputs | None:
    """The inputs of the recorded build of the warehouse file."""
    try:
        return Inputs(**_read_record(data)["inputs"])
    except (KeyError, TypeError):
        # Written by an earlier version of this program, or no record of this file.
        return None


def _read_record(data: DataDir) -> dict[str, Any]:
    """The record of the last build, if it is that of the warehouse file; otherwise empty."""
    try:
        record: dict[str, Any] = json.loads((_record(data)).read_bytes())
        return record if record["warehouse"] == _stamp(data) else {}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def _stamp(data: DataDir) -> list[int]:
    """Size and modification time of the warehouse file, to detect that it was replaced."""
    try:
        stat = (data.warehouse).stat()
    except FileNotFoundError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
