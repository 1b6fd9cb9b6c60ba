"""What started a run, from its tags and its origin."""

import dagster as dg
import pytest

from orchestration.defs.triggers import trigger_of
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
    ],
)
def test_trigger_of_a_run(instance, tags, is_remote, trigger):
    run = make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL | tags)
    run = run._replace(remote_job_origin=remote_origin("filings") if is_remote else None)
    assert trigger_of(run) == trigger
