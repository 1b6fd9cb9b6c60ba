"""The definitions that Dagster loads: the parts, put together; nothing is decided here."""

import dagster as dg

from orchestration.assets.lists import lists
from orchestration.assets.models import models
from orchestration.assets.notices import cancellation_notices
from orchestration.assets.publication import release
from orchestration.checks import (
    cancelled_by_its_own_name,
    classification_quality,
    everything_came_through,
)
from orchestration.jobs import JOBS
from orchestration.resources import Register
from orchestration.schedules import SCHEDULES
from orchestration.sensors import SENSORS

defs = dg.Definitions(
    assets=[lists, cancellation_notices, models, release],
    asset_checks=[cancelled_by_its_own_name, classification_quality, everything_came_through],
    jobs=JOBS,
    schedules=SCHEDULES,
    sensors=SENSORS,
    resources={"register": Register()},
    # For runs started on assets in the UI, too: one process, one lock.
    executor=dg.in_process_executor,
)
