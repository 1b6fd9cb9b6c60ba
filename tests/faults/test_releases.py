"""Releases and what they are made from, damaged: readers lose nothing, and the next run heals."""

import shutil

import duckdb
import pytest

from tests.end_to_end.releases import latest, query
from tests.faults.damage import damage_files, empty, halve, overwrite
from tests.faults.refreshes import Refreshes
from tests.faults.source import healthy

pytestmark = pytest.mark.many_builds

FILINGS = "select count(*) from filings where list_status = 'listed'"


def lose_rows(path) -> None:
    """A reader that opened the database for writing deletes rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from filings where batch_no = 2")


ALTERED = {
    "rows deleted": ("published/latest/filings.duckdb", lose_rows),
    "a table torn": ("published/latest/parquet/filings.parquet", halve),
}


@pytest.mark.parametrize(("pattern", "damage"), ALTERED.values(), ids=ALTERED)
def test_a_release_that_was_altered_is_made_again(pattern, damage, refreshes: Refreshes):
    before, rows = refreshes.content, query(refreshes.data_dir, FILINGS)
    damage_files(refreshes.data_dir, pattern, damage)
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.is_whole() and refreshes.content == before
    assert query(refreshes.data_dir, FILINGS) == rows


def test_the_files_of_a_release_are_read_only(first_refresh: Refreshes):
    files = [path for path in latest(first_refresh.data_dir).rglob("*") if path.is_file()]
    assert files and not any(path.stat().st_mode & 0o222 for path in files)


def test_a_history_that_was_lost_is_not_published(refreshes: Refreshes):
    before, folder = refreshes.content, refreshes.data_dir / "raw" / "003"
    copy = refreshes.data_dir.parent / "copy"
    shutil.copytree(folder, copy)
    shutil.rmtree(folder)
    done = refreshes.run(healthy)
    assert done.status == 1 and "003" in done.said and "Traceback" not in done.said
    assert refreshes.content == before and refreshes.is_whole()

    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.content == before


def test_everything_that_is_made_can_be_torn_at_once(refreshes: Refreshes):
    before = refreshes.content
    for pattern, damage in {
        "validated/**/*.parquet": halve,
        "validated/**/*.json": empty,
        "warehouse.duckdb": overwrite,
        "dbt/*.json": halve,
        "ingest_results/**/*.json": empty,
    }.items():
        damage_files(refreshes.data_dir, pattern, damage)
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.content == before and refreshes.is_whole()


def test_torn_records_of_dagster_are_named_and_may_be_deleted(refreshes: Refreshes):
    before = refreshes.content
    damage_files(refreshes.data_dir, "dagster/**/*.db", overwrite)
    done = refreshes.run_apart(healthy)
    assert done.status == 1 and "Traceback" not in done.said
    assert str(refreshes.data_dir / "dagster") in done.said and "delete" in done.said.lower()
    assert refreshes.content == before

    for folder in ("history", "schedules"):
        shutil.rmtree(refreshes.data_dir / "dagster" / folder)
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.content == before
