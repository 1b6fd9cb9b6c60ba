"""What started a run, and whether it publishes, from the record that Dagster has of it."""

import dagster as dg

from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.names import REFRESH

SCHEDULE, SENSOR, UI, COMMAND_LINE = "schedule", "sensor", "ui", "command line"

_SCHEDULE_TAG, _SENSOR_TAG = "dagster/schedule_name", "dagster/sensor_name"
# The run that is executed again. Its other tags are copied.
_PARENT_TAG, _RETRY_TAG = "dagster/parent_run_id", "dagster/retry_number"


def trigger_of(run: dg.DagsterRun) -> str:
    """What started a run, from its tags and its origin."""
    if _PARENT_TAG in run.tags and _RETRY_TAG not in run.tags:
        return UI
    if _SCHEDULE_TAG in run.tags:
        return SCHEDULE
    if _SENSOR_TAG in run.tags:
        return SENSOR
    # Only a run that another process requested has a remote origin.
    return UI if run.remote_job_origin else COMMAND_LINE


def publishes(run: dg.DagsterRun) -> bool:
    """Whether a run ends with a release, unlike runs of other assets, or of checks only."""
    return run.job_name == REFRESH or RELEASE in (run.asset_selection or ())
