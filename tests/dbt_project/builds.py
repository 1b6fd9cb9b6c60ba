"""Runs one dbt command in this process over a data directory; what it leaves behind."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections, reset_adapters
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from tests.support import paths

PROJECT = paths.PROJECT / "dbt_project"

# What says nothing of how lists become filings; a third of the time of a build over few rows.
ABOUT_CONTENT = (
    "article_claims", "article_claim_readings", "claims", "claim_measures", "filing_labels",
    "modalities", "modalities_by_batch", "sectors_by_batch", "sectors_by_year",
    "entities_by_sector", "regions_by_sector", "cities_by_sector", "roles_by_batch",
    "roles_by_sector",
)  # fmt: skip


@dataclass(frozen=True)
class BuildResult:
    """A finished dbt command: the status of each node by name, and the warehouse it left."""

    statuses: dict[str, str]
    messages: dict[str, str]
    warehouse: Path

    def named(self, *statuses: str) -> set[str]:
        return {name for name, status in self.statuses.items() if status in statuses}

    @property
    def problems(self) -> set[str]:
        return self.named("error", "fail", "warn", "skipped")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql(query).fetchall()


def run_dbt(data: Path, arguments: list[str], manifest: Manifest | None = None) -> object:
    """Run one command over a data directory and let go of the warehouse."""
    before = os.environ.get("FILINGS_DATA_DIR")
    os.environ["FILINGS_DATA_DIR"] = str(data)
    places = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", data / "target"]
    options = [*map(str, places), "--log-path", str(data / "logs"), "--log-level-file", "none"]
    try:
        result = dbtRunner(manifest=manifest).invoke([*arguments, *options, "--quiet"])
    finally:
        cleanup_connections()
        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()
        reset_adapters()
        os.environ.pop("FILINGS_DATA_DIR")
        if before is not None:
            os.environ["FILINGS_DATA_DIR"] = before
    assert result.exception is None, result.exception
    return result.result
