"""The warehouse, built only when something it is made from has changed.

The build is a pure function of the validated files, the seeds and the dbt project, and takes a
third of an unchanged run. The findings of the last build are kept and reported again.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import duckdb

from orchestration import classification
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import ProgressEvent, emit
from orchestration.warehouse import project
from orchestration.warehouse.builds import Build
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError
from scrapers.fields import text_keys
from scrapers.files import write_json


class WarehouseHeldError(FilingsError):
    """Another program has the warehouse open."""


def bring_up_to_date(data: DataDir) -> tuple[Build, bool]:
    """The build that the warehouse holds, and whether it was made just now.

    Raises WarehouseHeldError where another program has it open.
    """
    inputs = _inputs_sha256(data)
    known = _last_build(data, inputs)
    if known and _opens(data.warehouse, read_only=True):
        return known, False
    if not _opens(data.warehouse, read_only=False):
        emit(ProgressEvent("models", f"{data.warehouse.name} cannot be opened: it is made again"))
    # A damaged file may open all the same, and fail halfway through a build.
    discard(data)
    from orchestration.warehouse.runner import build  # dbt takes a while to import

    built = build(data)
    if not built.failures:
        record = {"inputs": inputs, "warehouse": _stamp(data), "build": asdict(built)}
        write_json(_record(data), record)
    return built, True


def discard(data: DataDir) -> None:
    """Remove the warehouse, all of which the next build makes again."""
    warehouse = data.warehouse
    for path in (_record(data), warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
        path.unlink(missing_ok=True)


def last_warnings(data: DataDir) -> list[str]:
    """What the tests of the last build warned of, in words."""
    try:
        return list(json.loads((_record(data)).read_bytes())["build"]["warnings"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def _record(data: DataDir) -> Path:
    """What the last build found."""
    return data.dbt / "last_build.json"


def _opens(warehouse: Path, *, read_only: bool) -> bool:
    """Whether the file can be opened, or there is none; False for one that is damaged or of another
    version of DuckDB. Raises WarehouseHeldError.
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


def _last_build(data: DataDir, inputs: str) -> Build | None:
    try:
        record = json.loads((_record(data)).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if record.get("inputs") != inputs or record.get("warehouse") != _stamp(data):
        return None
    try:
        build = dict(record["build"])
        tables = {name: TableFacts(**facts) for name, facts in build.pop("tables").items()}
        return Build(**build, tables=tables)
    except (KeyError, TypeError):
        # Written by a version of this program whose record held other fields.
        return None


def _inputs_sha256(data: DataDir) -> str:
    """Hash of all that a build reads."""
    digest = hashlib.sha256(project.project_sha256().encode())
    for path in (
        *sorted((project.SEEDS_DIR).glob("*.csv")),
        # What a Python model calls.
        *sorted(Path(classification.__file__).parent.glob("*.py")),
        Path(text_keys.__file__),
    ):
        digest.update(path.name.encode() + path.read_bytes())
    validated = data.validated
    for path in sorted(validated.rglob("*.parquet")):
        digest.update(str(path.relative_to(validated)).encode() + path.read_bytes())
    return digest.hexdigest()


def _stamp(data: DataDir) -> list[int]:
    """Size and time of the warehouse file: another one, or none, was not made by the record."""
    try:
        stat = (data.warehouse).stat()
    except FileNotFoundError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
