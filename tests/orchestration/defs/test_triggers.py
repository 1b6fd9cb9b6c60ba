"""What started a run, and whether it publishes, from its tags, origin and selection."""

import dagster as dg
import pytest
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME

from orchestration.defs.asset_keys import RELEASE, WAREHOUSE
from orchestration.defs.triggers import publishes, trigger_of
from tests.orchestration.defs.run_factories import ALL, make_run
from tests.orchestration.defs.test_run_history import remote_origin

SENSOR, SCHEDULE = {"dagster/sensor_name": "new"}, {"dagster/schedule_name": "nightly"}
AGAIN = {"dagster/parent_run_id": "1"}


@pytest.mark.parametrize(
    ("tags", "is_remote", "trigger"),
    [
        ({}, False, "command line"),
        ({}, True, "ui"),
        (SENSOR, True, "sensor"),
        (SCHEDULE, True, "schedule"),
        (SENSOR | AGAIN, True, "ui"),
        # Dagster repeats a run whose process died.
        (SENSOR | AGAIN | {"dagster/retry_number": "1"}, True, "sensor"),
    ],
)
def test_trigger_of_a_run(instance, tags, is_remote, trigger):
    run = make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL | tags)
    run = run._replace(remote_job_origin=remote_origin("filings") if is_remote else None)
    assert trigger_of(run) == trigger


@pytest.mark.parametrize(
    ("assets", "checks", "expected"),
    [
        ([RELEASE, WAREHOUSE], None, True),
        ([WAREHOUSE], None, False),
        ([], [dg.AssetCheckKey(RELEASE, "everything_came_through")], False),
    ],
)
def test_run_of_other_assets_or_of_checks_does_not_publish(instance, assets, checks, expected):
    refresh = make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL)
    assert publishes(refresh)
    run = refresh._replace(
        job_name=IMPLICIT_ASSET_JOB_NAME,
        asset_selection=None if assets is None else frozenset(assets),
        asset_check_selection=None if checks is None else frozenset(checks),
    )
    assert publishes(run) == expected
