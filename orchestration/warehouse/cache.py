"""The warehouse, built only when something it is made from has changed.

The build is a pure function of the validated files, the seeds and the dbt project, and takes a
third of an unchanged run. What the last build found is kept beside the warehouse and told again.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import duckdb

from orchestration import classification
from orchestration.runtime.progress import Step, tell
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError
from scrapers.fields import text_keys
from scrapers.files import write_json

RECORD = Path("dbt") / "last_build.json"


class WarehouseHeldError(FilingsError):
    """Another program has the warehouse open."""


def bring_up_to_date(data_dir: Path) -> tuple[dbt.Build, bool]:
    """The build that the warehouse in `data_dir` holds, and whether it was made just now.

    Raises WarehouseHeldError where another program has it open.
    """
    inputs = _inputs_sha256(data_dir)
    known = _last_build(data_dir, inputs)
    if known and _opens(data_dir / dbt.WAREHOUSE, read_only=True):
        return known, False
    if not _opens(data_dir / dbt.WAREHOUSE, read_only=False):
        tell(Step("models", f"{dbt.WAREHOUSE} cannot be opened: it is made again"))
    # A damaged file may open all the same, and fail halfway through a build.
    discard(data_dir)
    from orchestration.warehouse.runner import build  # dbt takes a while to import

    built = build(data_dir)
    if not built.failures:
        record = {"inputs": inputs, "warehouse": _stamp(data_dir), "build": asdict(built)}
        write_json(data_dir / RECORD, record)
    return built, True


def discard(data_dir: Path) -> None:
    """Remove the warehouse, all of which the next build makes again."""
    warehouse = data_dir / dbt.WAREHOUSE
    for path in (data_dir / RECORD, warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
        path.unlink(missing_ok=True)


def last_warnings(data_dir: Path) -> list[str]:
    """What the tests of the last build warned of, in words."""
    try:
        return list(json.loads((data_dir / RECORD).read_bytes())["build"]["warnings"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []


def _opens(warehouse: Path, *, read_only: bool) -> bool:
    """Whether the file can be opened, or there is none; False for one that is damaged or of another
    version of DuckDB. Raises WarehouseHeldError."""
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


def _last_build(data_dir: Path, inputs: str) -> dbt.Build | None:
    try:
        record = json.loads((data_dir / RECORD).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if record.get("inputs") != inputs or record.get("warehouse") != _stamp(data_dir):
        return None
    try:
        build = dict(record["build"])
        tables = {name: TableFacts(**facts) for name, facts in build.pop("tables").items()}
        return dbt.Build(**build, tables=tables)
    except (KeyError, TypeError):
        # Written by a version of this program whose record held other fields.
        return None


def _inputs_sha256(data_dir: Path) -> str:
    """Hash of all that a build reads."""
    digest = hashlib.sha256(dbt.project_sha256().encode())
    for path in (
        *sorted((dbt.PROJECT_DIR / "seeds").glob("*.csv")),
        # What a Python model calls.
        *sorted(Path(classification.__file__).parent.glob("*.py")),
        Path(text_keys.__file__),
    ):
        digest.update(path.name.encode() + path.read_bytes())
    validated = data_dir / "validated"
    for path in sorted(validated.rglob("*.parquet")):
        digest.update(str(path.relative_to(validated)).encode() + path.read_bytes())
    return digest.hexdigest()


def _stamp(data_dir: Path) -> list[int]:
    """Size and time of the warehouse file: another one, or none, was not made by the record."""
    try:
        stat = (data_dir / dbt.WAREHOUSE).stat()
    except FileNotFoundError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
