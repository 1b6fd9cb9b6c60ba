"""dbt inside this process: its options and environment, and parsing the project.

Import this module where it is needed, not at the head of another: dbt takes a while to import.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections, reset_adapters
from dbt.cli.main import dbtRunner

from orchestration.warehouse.project import PROJECT_DIR, TARGET_DIR, DbtError


def parse() -> None:
    """Write the manifest into `TARGET_DIR`. Raises DbtError when the project does not parse."""
    with environment(TARGET_DIR):
        result = dbtRunner().invoke(["parse", "--no-partial-parse", *options(TARGET_DIR)])
        release_warehouse()
    if not result.success:
        raise DbtError(f"the dbt project does not parse: {result.exception}")


def options(target: Path) -> list[str]:
    """Where things are; and silence, since results come back as events and rows."""
    places = {"project-dir": PROJECT_DIR, "profiles-dir": PROJECT_DIR, "target-path": target}
    options = [part for name, path in places.items() for part in (f"--{name}", str(path))]
    return [*options, "--log-level", "none", "--log-level-file", "none"]


@contextmanager
def environment(data_dir: Path) -> Iterator[None]:
    """Dbt's profile finds the data directory by its environment variable."""
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
    """Close dbt's connections, so that this process no longer holds the warehouse's lock."""
    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()
