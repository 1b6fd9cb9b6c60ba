"""The definitions: names, defaults, intervals, and Dagster's own check of them."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import CONTRACTS, defs, make_definitions
from orchestration.settings import PROJECT_ROOT, Settings
from scrapers.registers import REGISTERS
from tests.orchestration.defs.snapshot import PATH, describe


def test_definitions_match_snapshot():
    assert describe(defs) == PATH.read_text(encoding="utf-8").splitlines()


def test_sensor_and_nightly_schedule_run_by_default():
    sensor, nightly = defs.get_sensor_def("new_documents"), defs.get_schedule_def("nightly")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("30 2 * * *", "Asia/Shanghai")
    assert {sensor.job_name, nightly.job_name} == {"refresh"}


@pytest.mark.parametrize(("variable", "seconds"), [(None, 900), ("77", 77)])
def test_sensor_interval_is_set_by_environment(monkeypatch, variable, seconds):
    monkeypatch.delenv("FILINGS_POLL_SECONDS", raising=False)
    if variable:
        monkeypatch.setenv("FILINGS_POLL_SECONDS", variable)
    made = make_definitions(CONTRACTS, Settings.from_environment())
    assert made.get_sensor_def("new_documents").minimum_interval_seconds == seconds


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_documents_are_partitions_with_single_run_backfill(register):
    graph = defs.resolve_asset_graph()
    nodes = [graph.get(dg.AssetKey([register.name, name])) for name in ("raw", "validated")]
    assert {node.backfill_policy for node in nodes} == {dg.BackfillPolicy.single_run()}
    assert {node.partitions_def.name for node in nodes} == {f"{register.name}_documents"}


def test_refresh_runs_in_process():
    assert defs.resolve_job_def("refresh").executor_def is dg.in_process_executor


def test_all_assets_have_owner_layer_kind_and_description():
    for spec in defs.resolve_all_asset_specs():
        assert spec.owners and spec.tags["layer"] and spec.kinds and spec.description, spec.key


def test_all_checks_have_a_description():
    graph = defs.resolve_asset_graph()
    lacking = [key for key in graph.asset_check_keys if not graph.get_check_spec(key).description]
    assert lacking == []


def test_assets_updated_nightly_have_freshness_policy():
    policies = {
        spec.key.to_user_string(): spec.freshness_policy
        for spec in defs.resolve_all_asset_specs()
        if spec.freshness_policy
    }
    assert set(policies) == {"release", *(f"{item.name}/raw" for item in REGISTERS)}
    policy = dg.FreshnessPolicy.time_window(timedelta(hours=50), timedelta(hours=26))
    assert set(policies.values()) == {policy}


def test_dbt_checks_do_not_block():
    graph = defs.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert blocking == {"everything_came_through"}


@pytest.mark.many_builds
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
