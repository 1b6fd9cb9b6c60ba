"""Paths with glob characters match only themselves in DuckDB."""

import duckdb
import polars as pl
import pytest

from orchestration.runtime.globs import exactly


@pytest.mark.parametrize("name", ["data [1]", "x*y", "x?y", "[!a]", "a[b", "plain", "a{b}c"])
def test_pattern_matches_only_the_given_path(name, tmp_path):
    for folder, value in ((name, 1), ("data 1", 2), ("xzy", 2), ("b", 2)):
        (tmp_path / folder).mkdir()
        pl.DataFrame({"a": [value]}).write_parquet(tmp_path / folder / "t.parquet")
    with duckdb.connect() as connection:
        path = exactly(tmp_path / name / "t.parquet")
        assert connection.execute("from read_parquet(?)", [path]).fetchall() == [(1,)]
