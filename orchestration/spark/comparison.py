"""Comparison of a result with the tables that DuckDB built from the same validated rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.runtime.sql import text
from orchestration.spark.files import Files, StoreError
from orchestration.spark.job import RECORD
from orchestration.spark.steps import TARGETS


@dataclass(frozen=True)
class Compared:
    """A table in both: the numbers of rows, and of rows that the other one lacks."""

    name: str
    rows: int
    rows_in_duckdb: int
    only_here: int
    only_in_duckdb: int

    @property
    def is_equal(self) -> bool:
        """Whether both have the same rows, each equally often."""
        return not (self.only_here or self.only_in_duckdb)


def compare(output: str, warehouse: Path) -> list[Compared]:
    """Compare the tables of a result with those of a warehouse, row by row.

    Raises StoreError if the result is not complete, and duckdb.Error if the columns differ.
    """
    with result_tables(output) as connection:
        connection.execute(f"attach {text(warehouse)} as warehouse (read_only)")
        return [_compared(connection, name) for name in TARGETS]


@contextmanager
def result_tables(output: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with a view `result_<table>` of each table of a result.

    Raises StoreError if the result is not complete.
    """
    files = Files(output)
    if not files.find(RECORD):
        raise StoreError(
            f"{output} has no {RECORD}, so it is not the result of a finished run",
            remedy="Run the job again with a new folder",
        )
    with duckdb.connect() as connection:
        if not files.is_local:
            # Its own extension for S3 would have to be downloaded.
            connection.register_filesystem(files.system)
        for name in TARGETS:
            paths = [f"{files.prefix}/{path}" for path in files.find(f"{name}/*.parquet")]
            connection.from_parquet(paths).create_view(f"result_{name}")
        yield connection


def _compared(connection: duckdb.DuckDBPyConnection, name: str) -> Compared:
    here, there = f"(from memory.main.result_{name})", f"(from warehouse.main.{name})"
    counts = connection.sql(
        f"select (select count(*) from {here}), (select count(*) from {there}),"
        f"(select count(*) from ({here} except all {there})),"
        f"(select count(*) from ({there} except all {here}))"
    ).fetchall()
    return Compared(name, *counts[0])
