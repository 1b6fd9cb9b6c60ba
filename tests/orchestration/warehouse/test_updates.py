"""Updates of large tables in a copy of the previous release's database."""

from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse import updates
from orchestration.warehouse.marts import DATABASE, Mart, Previous, export_marts
from orchestration.warehouse.tables import describe_tables

ROWS = "select range as id, 'text ' || range as name, [range, null] as parts from range(1000)"
CHANGED = (
    f"select id, case when id % 300 = 7 then null else name end as name, parts from ({ROWS}) "
    "where id % 400 != 9 union all select id + 5000, name, parts from range(20) as new(id), "
    f"lateral (select name, parts from ({ROWS}) as known where known.id = new.id)"
)
SMALL = "select 'one' as word"


@pytest.fixture(autouse=True)
def at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "SMALLEST_UPDATED", 100)


def export(
    folder: Path,
    rows: str,
    previous: Previous | None = None,
    key: tuple[str, ...] = ("id",),
    small: str = SMALL,
) -> Path:
    """Export these rows, and a small mart."""
    folder.mkdir(exist_ok=True)
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"create table numbers as {rows}")
        connection.execute(f"create table small as {small}")
    marts = [Mart("numbers", "Numbers.", {"name": "A name."}, key=key), Mart("small", "", {})]
    release = folder / "release"
    count = duckdb.sql(f"select count(*) from ({rows})").fetchall()[0][0]
    assert export_marts(warehouse, marts, release, previous) == {"numbers": count, "small": 1}
    return release


def parquet(release: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((release / "parquet").iterdir())]


def is_sorted(release: Path) -> bool:
    """Whether the table of the database is sorted; updates put rows at its end."""
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        rows = connection.execute("select id from numbers").fetchall()
    return rows == sorted(rows)


def table(release: Path, name: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        return connection.execute(f'from "{name}" order by all').fetchall()


def test_updated_database_and_files_equal_those_of_an_export(tmp_path: Path):
    first = export(tmp_path / "first", ROWS)
    second = export(tmp_path / "second", CHANGED, Previous(first, (), is_updated=True))
    whole = export(tmp_path / "whole", CHANGED)
    assert parquet(second) == parquet(whole) != parquet(first)
    for name in ("numbers", "small"):
        assert table(second, name) == table(whole, name)
    assert is_sorted(whole) and not is_sorted(second)


def test_updated_database_keeps_comments_and_storage_version_but_no_other_tables(tmp_path: Path):
    first = export(tmp_path / "first", ROWS)
    with duckdb.connect(str(first / DATABASE)) as connection:
        connection.execute("create table changes as select 1 as place")
    second = export(
        tmp_path / "second", CHANGED, Previous(first, (), is_updated=True), small="select 2 as x"
    )
    with duckdb.connect(str(second / DATABASE), read_only=True) as connection:
        comments = "select comment from duckdb_tables() union all select comment from "
        comments += "duckdb_columns() where comment is not null order by all"
        assert connection.execute(comments).fetchall() == [("",), ("A name.",), ("Numbers.",)]
        query = "select table_name from duckdb_tables() order by all"
        assert connection.execute(query).fetchall() == [("numbers",), ("small",)]
        ((tags,),) = connection.execute(
            "select tags::varchar from duckdb_databases() where not internal"
        ).fetchall()
    assert "v1.0.0" in tags
    assert table(second, "small") == [(2,)]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (CHANGED, ()),
        (f"select *, 1 as more from ({ROWS})", ("id",)),
        (f"select id, upper(name) as name, parts from ({ROWS})", ("id",)),
        (f"{ROWS} limit 90", ("id",)),
    ],
    ids=["no key", "other columns", "most rows differ", "small"],
)
def test_table_is_written_as_a_whole(tmp_path: Path, rows: str, key: tuple[str, ...]):
    first = export(tmp_path / "first", ROWS, key=key)
    second = export(tmp_path / "second", rows, Previous(first, (), is_updated=True), key=key)
    whole = export(tmp_path / "whole", rows, key=key)
    assert parquet(second) == parquet(whole)
    assert is_sorted(second)


def test_table_is_written_as_a_whole_if_its_key_is_not_one(tmp_path: Path):
    first = export(tmp_path / "first", ROWS)
    # The rows in excess have the hashes of known rows: they are equal.
    rows = f"{ROWS} union all {ROWS} limit 1001"
    second = export(tmp_path / "second", rows, Previous(first, (), is_updated=True))
    assert len(table(second, "numbers")) == 1001


def test_unchanged_marts_keep_their_tables_and_share_their_files(tmp_path: Path):
    first = export(tmp_path / "first", ROWS)
    unchanged = Previous(first, ("numbers", "small"), is_updated=True)
    second = export(tmp_path / "second", ROWS, unchanged)
    for path in (first / "parquet").iterdir():
        assert path.samefile(second / "parquet" / path.name)
    assert table(second, "numbers") == table(first, "numbers")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("null::varchar[]", "[]"),
        ("{'a': null::integer, 'b': null::integer}", "null"),
        ("[{'a': null::integer}]", "[null]"),
        ("map {}::map(varchar, integer)", "null"),
    ],
)
def test_nested_values_that_are_null_or_empty_are_told_apart(
    tmp_path: Path, before: str, after: str
):
    rows = (
        "select range as id, if(range = 7, {value}, {same}) as name, null as parts from range(1000)"
    )
    first = export(tmp_path / "first", rows.format(value=before, same=before))
    changed = rows.format(value=after, same=before)
    second = export(tmp_path / "second", changed, Previous(first, (), is_updated=True))
    whole = export(tmp_path / "whole", changed)
    assert parquet(second) == parquet(whole) != parquet(first)
    hashes = [
        describe_tables(tmp_path / name / "warehouse.duckdb")["numbers"].content_hash
        for name in ("first", "second")
    ]
    assert hashes[0] != hashes[1]


def test_amended_row_counts_once(tmp_path: Path):
    first = export(tmp_path / "first", ROWS)
    rows = f"select id, if(id % 12 = 0, 'x', name) as name, parts from ({ROWS})"
    second = export(tmp_path / "second", rows, Previous(first, (), is_updated=True))
    assert not is_sorted(second)


def test_rows_that_are_written_as_a_whole_leave_no_gap_in_the_file(tmp_path: Path):
    rows = "select range as id, md5(range::varchar) as name, null as parts from range({})"
    first = export(tmp_path / "first", rows.format(200_000))
    changed = rows.format(200_000).replace("md5(", "md5('x' || ")
    second = export(tmp_path / "second", changed, Previous(first, (), is_updated=True))
    sizes = [(release / DATABASE).stat().st_size for release in (first, second)]
    assert sizes[1] < 1.3 * sizes[0]
