"""Facts about the tables of the warehouse, and one hash over all of them."""

from pathlib import Path

import duckdb

from orchestration.warehouse.builds import Build
from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table
from orchestration.warehouse.tables import TableFacts, describe_tables


def facts_of(folder: Path, query: str) -> TableFacts:
    """The facts of a table with the rows of a query."""
    folder.mkdir()
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table numbers as {query}")
    return describe_tables(path)["numbers"]


def test_content_hash_ignores_order_but_not_repeated_rows(tmp_path):
    first = facts_of(tmp_path / "1", "from (values (1), (2), (3)) as t(n)")
    shuffled = facts_of(tmp_path / "2", "from (values (3), (1), (2)) as t(n)")
    repeated = facts_of(tmp_path / "3", "from (values (1), (2), (3), (3)) as t(n)")
    assert first.rows == 3 and repeated.rows == 4
    assert first.content_hash == shuffled.content_hash != repeated.content_hash


def test_empty_table_has_facts(tmp_path):
    facts = facts_of(tmp_path / "1", "select 1 as n where false")
    assert (facts.rows, facts.preview) == (0, "no rows")


def test_content_hash_depends_on_names_and_types_of_columns(tmp_path):
    queries = ("select 5 as n", "select 5::bigint as n", "select 5 as m")
    hashes = [
        facts_of(tmp_path / str(place), query).content_hash for place, query in enumerate(queries)
    ]
    assert len(set(hashes)) == 3


def test_missing_warehouse_has_no_tables(tmp_path):
    assert describe_tables(tmp_path / "warehouse.duckdb") == {}


def test_preview_has_the_first_rows_as_text():
    rows = [{"n": n, "share": 0.123456, "note": "a|b\n" + "x" * 99} for n in range(20)]
    lines = markdown_table(rows).splitlines()
    assert len(lines) == 2 + PREVIEW_ROWS
    assert lines[:2] == ["| n | share | note |", "| --- | --- | --- |"]
    assert lines[2].startswith(r"| 0 | 0.1235 | a\|b x") and lines[2].endswith("x… |")


def test_content_hash_of_a_build_ignores_the_order_of_tables():
    one, two = TableFacts(1, "11", ""), TableFacts(2, "22", "")
    build = Build([], [], [], {"a": one, "b": two})
    assert build.content_hash == Build([], [], [], {"b": two, "a": one}).content_hash
    assert build.content_hash != Build([], [], [], {"a": two, "b": one}).content_hash
