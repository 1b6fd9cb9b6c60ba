"""Whole refreshes over a damaged data directory, and in a process with restrictions."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.faults.damage import damage_files, empty, halve, overwrite
from tests.faults.limits import largest_file, obeys_permissions
from tests.faults.refreshes import Done, Refreshes
from tests.faults.source import announces, healthy, with_batch_19
from tests.support.receiver import Receiver

pytestmark = pytest.mark.many_builds

WITH_NEWS = announces(with_batch_19(19))
MAX_LINES = 40


@pytest.fixture(scope="module")
def refreshes(
    first_refresh: Refreshes, tmp_path_factory: pytest.TempPathFactory, inbox: Receiver
) -> Refreshes:
    """One data directory for all tests of this module; none of them changes its latest release."""
    return first_refresh.copied_to(tmp_path_factory.mktemp("damaged"), inbox)


@pytest.fixture(autouse=True)
def _release_has_the_same_content(refreshes: Refreshes, first_refresh: Refreshes) -> Iterator[None]:
    yield
    assert refreshes.content == first_refresh.content and refreshes.is_whole()


def is_message(done: Done) -> bool:
    """Whether a refresh failed with a short message and without a traceback."""
    return (
        done.status == 1
        and "error:" in done.said
        and "Traceback" not in done.said
        and len(done.lines) < MAX_LINES
    )


def assert_told_and_well_again(refreshes: Refreshes) -> None:
    """Check the alert of the refresh before, and that of a healthy one after it."""
    assert_told(refreshes)
    assert_well_again(refreshes)


def assert_told(refreshes: Refreshes) -> None:
    """Check that the refresh before sent one alert, and that the status shows it."""
    assert refreshes.take_alerts() == [("problem", ["run/refresh"])]
    health = refreshes.status()
    assert health.status == 1 and "The run of refresh failed" in health.said


def assert_well_again(refreshes: Refreshes) -> None:
    """Run a healthy refresh, and check its message and the status."""
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.take_alerts() == [("well_again", ["run/refresh"])]
    assert refreshes.status().status == 0


# A limit of 64 kB is in tests/orchestration/runtime/test_disk.py.
def test_limit_on_the_size_of_files_is_reported(refreshes: Refreshes):
    done = refreshes.run_apart(WITH_NEWS, before=largest_file(1024 * 1024))
    assert is_message(done), done.said
    assert_told_and_well_again(refreshes)


def test_read_only_data_directory_is_reported(refreshes: Refreshes):
    folders = [refreshes.data_dir, *refreshes.data_dir.rglob("*")]
    modes = {path: path.stat().st_mode for path in folders if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    done = refreshes.run_apart(WITH_NEWS, before=obeys_permissions)
    for path, mode in modes.items():
        path.chmod(mode)
    assert is_message(done), done.said
    assert str(refreshes.data_dir) in done.said
    assert re.search("(?i)writ|permission denied|read-only", done.said)
    assert_told_and_well_again(refreshes)


def test_damaged_dagster_records_are_reported_and_can_be_deleted(refreshes: Refreshes):
    dagster = refreshes.data_dir / "dagster"
    damage_files(refreshes.data_dir, "dagster/**/*.db", overwrite)
    done = refreshes.run_apart(healthy)
    assert is_message(done), done.said
    assert str(dagster) in done.said and "delete" in done.said.lower()
    assert_told(refreshes)

    for folder in ("history", "schedules"):
        shutil.rmtree(dagster / folder)
    assert_well_again(refreshes)


def test_release_with_lost_history_is_not_published_and_all_else_is_built_again(
    refreshes: Refreshes, tmp_path: Path
):
    folder = refreshes.data_dir / "raw" / "003"
    shutil.move(folder, tmp_path / "copy")
    done = refreshes.run(healthy)
    assert is_message(done) and "003" in done.said, done.said
    assert_told(refreshes)

    shutil.rmtree(folder)
    shutil.move(tmp_path / "copy", folder)
    for pattern, damage in {
        "validated/**/*.parquet": halve,
        "validated/**/*.json": empty,
        "warehouse.duckdb": overwrite,
        "dbt/*.json": halve,
        "ingest_results/**/*.json": empty,
        "published/latest/filings.duckdb": _delete_rows,
        "published/latest/parquet/filings.parquet": halve,
    }.items():
        damage_files(refreshes.data_dir, pattern, damage)
    # The damage heals within this run, so the only message is about the lost history.
    assert_well_again(refreshes)


def _delete_rows(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from filings where batch_no = 2")
