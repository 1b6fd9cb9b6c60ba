"""The job without Spark: the rows are divided so that the models give the same rows."""

import json
import shutil
from pathlib import Path

import pytest

from orchestration.spark import job
from orchestration.spark.comparison import compare
from orchestration.spark.files import StoreError
from orchestration.spark.steps import TARGETS
from tests.dbt_project.builds import BuildResult
from tests.orchestration.spark.in_process import in_process


def test_shares_give_the_rows_that_duckdb_gives(result: Path, made_up: BuildResult):
    compared = compare(str(result), made_up.warehouse)
    assert [item.name for item in compared] == list(TARGETS)
    assert all(item.is_equal and item.rows for item in compared), compared


def test_rows_are_in_several_shares_of_both_steps(result: Path):
    for name in TARGETS:
        steps = [path.name.partition("-")[0] for path in (result / name).iterdir()]
        assert min(steps.count("entities"), steps.count("services")) > 1, steps


def test_record_has_the_number_of_rows(result: Path, made_up: BuildResult):
    record = json.loads((result / job.RECORD).read_text())
    ((registrations,),) = made_up.rows("select count(*) from registrations")
    assert record["rows"]["registrations"] == registrations


def test_lost_share_is_noticed_by_the_comparison(
    result: Path, made_up: BuildResult, tmp_path: Path
):
    damaged = Path(shutil.copytree(result, tmp_path / "result"))
    next((damaged / "registrations").glob("entities-*.parquet")).unlink()
    by_name = {item.name: item for item in compare(str(damaged), made_up.warehouse)}
    assert by_name["int_filing_versions"].is_equal
    lost = by_name["registrations"]
    assert not lost.is_equal
    assert (lost.only_here, lost.only_in_duckdb) == (0, lost.rows_in_duckdb - lost.rows)


def test_unfinished_result_is_not_compared(result: Path, made_up: BuildResult, tmp_path: Path):
    unfinished = Path(shutil.copytree(result, tmp_path / "result"))
    (unfinished / job.RECORD).unlink()
    with pytest.raises(StoreError, match="not the result of a finished run"):
        compare(str(unfinished), made_up.warehouse)


def test_output_with_files_is_refused(made_up: BuildResult, tmp_path: Path):
    (tmp_path / "something").touch()
    with pytest.raises(StoreError, match="is not empty"):
        job.run(in_process, str(made_up.warehouse.parent / "validated"), str(tmp_path), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def test_store_without_rows_gives_empty_tables(tmp_path: Path):
    (tmp_path / "validated").mkdir()
    rows = job.run(in_process, str(tmp_path / "validated"), str(tmp_path / "result"), 2)
    assert rows == dict.fromkeys(TARGETS, 0)
    assert sorted(path.name for path in (tmp_path / "result").rglob("*.parquet")) == [
        "none.parquet"
    ] * len(TARGETS)


def test_number_of_shares_grows_with_the_rows(
    made_up: BuildResult, monkeypatch: pytest.MonkeyPatch
):
    validated = str(made_up.warehouse.parent / "validated")
    assert job.planned_shares(validated) == 2
    monkeypatch.setattr(job, "ROWS_PER_SHARE", 5)
    assert job.planned_shares(validated) > 10
