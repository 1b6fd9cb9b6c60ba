"""Running dbt inside this process: options, environment and parsing.

Import this module inside functions, not at the top of a module: dbt is slow to import.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections, reset_adapters
from dbt.cli.main import dbtRunner

from orchestration.warehouse.project import PROJECT_DIR, TARGET_DIR, DbtError


def parse() -> None:
    """Write the manifest, with the compiled SQL of each node, into `TARGET_DIR`.

    Raises DbtError if the project does not parse.
    """
    # dbt opens a warehouse to compile, but reads nothing from it.
    with TemporaryDirectory(prefix="filings-parse-") as folder, environment(Path(folder)):
        result = dbtRunner().invoke(["compile", "--no-partial-parse", *options(TARGET_DIR)])
        release_warehouse()
    if not result.success:
        raise DbtError(f"the dbt project does not parse: {result.exception}")


def options(target: Path) -> list[str]:
    """Command-line options for paths, with logging off: results come back as events and rows."""
    places = {"project-dir": PROJECT_DIR, "profiles-dir": PROJECT_DIR, "target-path": target}
    options = [part for name, path in places.items() for part in (f"--{name}", str(path))]
    return [*options, "--log-level", "none", "--log-level-file", "none"]


@contextmanager
def environment(data_dir: Path) -> Iterator[None]:
    """Set the environment variable by which the dbt profile finds the data directory."""
    name, before = "FILINGS_DATA_DIR", os.environ.get("FILINGS_DATA_DIR")
    os.environ[name] = str(data_dir)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def release_warehouse() -> None:
    """Close all connections of dbt, so that this process releases the lock on the warehouse."""
    cleanup_connections()  # type: ignore[no-untyped-call]  # dbt has no types here
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # nor here
    reset_adapters()  # type: ignore[no-untyped-call]  # nor here
