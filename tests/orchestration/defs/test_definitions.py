"""What Dagster is given: names, defaults, intervals; and that its own check accepts it."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs import sensors
from orchestration.defs.schedules import nightly
from orchestration.defs.sensors import new_batches
from orchestration.settings import PROJECT_ROOT
from tests.orchestration.defs.snapshot import PATH, describe


def test_the_definitions_are_those_of_the_snapshot():
    assert describe(defs) == PATH.read_text(encoding="utf-8").splitlines()


def test_sensor_and_schedule_run_by_default():
    assert new_batches.default_status is dg.DefaultSensorStatus.RUNNING
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("30 2 * * *", "Asia/Shanghai")
    assert {new_batches.job_name, nightly.job_name} == {"refresh"}


@pytest.mark.parametrize(("variable", "seconds"), [(None, 900), ("77", 77)])
def test_the_environment_sets_how_often_the_sensor_looks(monkeypatch, variable, seconds):
    monkeypatch.delenv("FILINGS_POLL_SECONDS", raising=False)
    if variable:
        monkeypatch.setenv("FILINGS_POLL_SECONDS", variable)
    module = runpy.run_path(str(sensors.__file__))
    assert module["new_batches"].minimum_interval_seconds == seconds


def test_a_run_takes_all_its_batches_at_once_and_stays_in_its_process():
    graph = defs.resolve_asset_graph()
    lists = [graph.get(dg.AssetKey(name)) for name in ("raw_lists", "validated_filings")]
    assert {node.backfill_policy for node in lists} == {dg.BackfillPolicy.single_run()}
    assert {node.partitions_def.name for node in lists} == {"batch"}
    assert defs.resolve_job_def("refresh").executor_def is dg.in_process_executor


def test_dg_check_defs_passes(tmp_path):
    checked = subprocess.run(
        [Path(sys.executable).with_name("dg"), "check", "defs"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "FILINGS_DATA_DIR": str(tmp_path), "DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "All definitions loaded successfully" in checked.stdout + checked.stderr
