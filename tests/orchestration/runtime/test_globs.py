"""Paths with signs that DuckDB reads as a pattern mean the one folder of that name."""

import duckdb
import polars as pl
import pytest

from orchestration.runtime.globs import exactly


@pytest.mark.parametrize("name", ["data [1]", "x*y", "[!a]", "a[b", "plain", "a{b}c"])
def test_a_file_in_an_oddly_named_folder_is_read_and_no_file_of_its_neighbours(name, tmp_path):
    for folder, value in ((name, 1), ("data 1", 2), ("xzy", 2), ("b", 2)):
        (tmp_path / folder).mkdir()
        pl.DataFrame({"a": [value]}).write_parquet(tmp_path / folder / "t.parquet")
    with duckdb.connect() as connection:
        path = exactly(tmp_path / name / "t.parquet")
        assert connection.execute("from read_parquet(?)", [path]).fetchall() == [(1,)]
