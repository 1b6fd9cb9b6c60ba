"""The Spark session: on this machine, or on the cluster of FILINGS_SPARK_MASTER."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from orchestration.settings import SparkSettings
from orchestration.spark import tasks
from orchestration.spark.job import StepRunner
from scrapers.errors import FilingsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Rows of shares are large, and Spark counts rows, not bytes, when it sends them to Python.
_ROWS_PER_BATCH = "16"


class SparkUnavailableError(FilingsError):
    """PySpark or Java is not on this machine."""


def check_available() -> None:
    """Raise SparkUnavailableError if PySpark or Java is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise SparkUnavailableError(
            "PySpark is not installed", remedy="Install the extra spark: make spark"
        ) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise SparkUnavailableError(
            "Java is not on this machine", remedy="Install Java 17 or newer, or set JAVA_HOME"
        )


@contextmanager
def spark_session(settings: SparkSettings, shares: int) -> Iterator["SparkSession"]:
    """Open a session that divides rows into this many shares, and stop it after the block.

    On this machine it listens on 127.0.0.1 only, and it has no web page. Raises
    SparkUnavailableError if PySpark or Java is missing.
    """
    check_available()
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.appName("filings")
        .master(settings.master)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", _ROWS_PER_BATCH)
        .config("spark.sql.shuffle.partitions", str(shares))
        # A share takes long for its few bytes, so Spark must not put several into one task.
        .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
    )
    if settings.is_local:
        # Workers of this machine run in this environment.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config(
            "spark.driver.host", "127.0.0.1"
        )
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def in_spark(session: "SparkSession") -> StepRunner:
    """Runs the tasks of a step in this session."""

    def run_step(plan: tasks.Plan) -> list[tasks.Result]:
        if not plan.units:
            return []

        # Spark reads the kind of a function from its types, which a `partial` does not have.
        def read(found: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return tasks.read_units(plan, found)

        def build(share: pa.Table) -> pa.Table:
            return tasks.build_share(plan, share)

        # One task per unit.
        positions = session.range(0, len(plan.units), 1, len(plan.units))
        shares = positions.mapInArrow(read, tasks.SHARES_SCHEMA)
        built = shares.groupBy("share").applyInArrow(build, tasks.RESULT_SCHEMA)
        return [
            tasks.Result(row["name"], row["rows"], row["content"] and bytes(row["content"]))
            for row in built.collect()
        ]

    return run_step
