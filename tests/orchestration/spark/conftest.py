"""Warehouses that DuckDB built, and results of the Spark job over their validated rows."""

from pathlib import Path

import pytest

from orchestration.spark import job
from tests.dbt_project.builds import BuildResult
from tests.dbt_project.conftest import made_up, manifest, register, shared_folder
from tests.orchestration.spark.in_process import in_process
from tests.support.s3 import bucket, shared_s3

__all__ = ["bucket", "made_up", "manifest", "register", "shared_folder", "shared_s3"]

SHARES = 3


@pytest.fixture(scope="session")
def result(made_up: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result over the made-up lists, computed without Spark; tests only read it."""
    output = tmp_path_factory.mktemp("spark") / "result"
    job.run(in_process, str(made_up.warehouse.parent / "validated"), str(output), SHARES)
    return output
