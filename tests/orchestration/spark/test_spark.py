"""The job in Spark, in local mode (`make spark-test`). Skipped where PySpark or Java is missing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import SparkSettings
from orchestration.spark import job
from orchestration.spark.comparison import compare
from orchestration.spark.session import (
    SparkUnavailableError,
    check_available,
    in_spark,
    spark_session,
)
from tests.dbt_project.builds import BuildResult

SHARES = 3


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    try:
        check_available()
    except SparkUnavailableError as error:
        pytest.skip(str(error))
    with spark_session(SparkSettings("local[2]"), SHARES) as started:
        yield started


def test_session_is_reachable_from_this_machine_only(session: Any):
    assert session.conf.get("spark.driver.bindAddress") == "127.0.0.1"
    assert session.conf.get("spark.ui.enabled") == "false"


def test_spark_gives_the_rows_that_duckdb_gives_of_the_shipped_registers(
    session: Any, register: BuildResult, tmp_path: Path
):
    output = str(tmp_path / "result")
    job.run(in_spark(session), str(register.warehouse.parent / "validated"), output, SHARES)
    compared = compare(output, register.warehouse)
    assert all(item.is_equal and item.rows > 10_000 for item in compared), compared


def test_spark_gives_the_rows_that_duckdb_gives_of_amended_lists(
    session: Any, made_up: BuildResult, tmp_path: Path
):
    output = str(tmp_path / "result")
    job.run(in_spark(session), str(made_up.warehouse.parent / "validated"), output, SHARES)
    compared = compare(output, made_up.warehouse)
    assert all(item.is_equal and item.rows for item in compared), compared
