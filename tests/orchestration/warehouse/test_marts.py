"""Export of the marts: the order of the rows, and how often the database is written to disk."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.warehouse.marts import DATABASE, Mart, export_marts

ROWS = "select range % 7 as a, (range * 5) % 11 as b, 20 - range as c from range(20)"


def exported(folder: Path, key: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The rows of the Parquet file of a mart with this key."""
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(f"create or replace table numbers as {ROWS}")
    release = folder / "-".join(["release", *key])
    assert export_marts(folder / "warehouse.duckdb", [mart(key)], release) == {"numbers": 20}
    return pl.read_parquet(release / "parquet" / "numbers.parquet").rows()


def mart(key: tuple[str, ...]) -> Mart:
    return Mart("numbers", "One row is a number.", {"a": "The first."}, key=key)


@pytest.mark.parametrize("key", [(), ("c",), ("a", "b"), ("b", "a")])
def test_rows_are_in_the_order_of_all_columns(tmp_path, key):
    rows = exported(tmp_path, key)
    assert rows == sorted(rows) and len(set(rows)) == 20


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ((), ["a", "b", "c"]),
        (("a",), ["a"]),
        (("b",), ["a", "b"]),
        (("c", "a"), ["a", "b", "c"]),
        (("a", "unknown"), ["a", "b", "c"]),
    ],
)
def test_only_the_columns_up_to_the_end_of_the_key_are_sorted(key, order):
    assert mart(key).order(["a", "b", "c"]) == order


def test_tables_and_their_comments_are_written_in_one_transaction(tmp_path):
    exported(tmp_path, ())
    with duckdb.connect(str(tmp_path / "release" / DATABASE), read_only=True) as connection:
        comments = (
            "select comment from duckdb_tables() union all select comment from "
            "duckdb_columns() where comment is not null"
        )
        assert connection.execute(comments).fetchall() == [
            ("One row is a number.",),
            ("The first.",),
        ]
