"""The definitions that Dagster loads: the parts, put together; nothing is decided here."""

import dagster as dg

from orchestration.defs.assets.lists import lists
from orchestration.defs.assets.models import models
from orchestration.defs.assets.notices import cancellation_notices
from orchestration.defs.assets.release import release
from orchestration.defs.checks import (
    cancelled_by_its_own_name,
    classification_quality,
    everything_came_through,
)
from orchestration.defs.jobs import JOBS
from orchestration.defs.resources import Register
from orchestration.defs.schedules import SCHEDULES
from orchestration.defs.sensors import SENSORS

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
