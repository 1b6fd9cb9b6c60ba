"""Schedules: `nightly` fetches every known list again to see what was amended, and `weekly` checks
that all that is kept is what was written."""

import dagster as dg

from orchestration.defs.jobs import check, refresh
from orchestration.defs.partitions import known_keys, range_tags, ranges_of


@dg.schedule(
    job=refresh,
    name="nightly",
    cron_schedule="30 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Fetches every known list again: lists are amended in place, months later.",
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    keys = known_keys(context.instance)
    if not keys:
        return dg.SkipReason("no batch is known yet; the sensor will find the first")
    (whole,) = ranges_of(keys, keys)
    return dg.RunRequest(tags=range_tags(whole))


weekly = dg.ScheduleDefinition(
    job=check,
    name="weekly",
    cron_schedule="30 4 * * 0",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Compares every file that is kept with its hash. A red run says which differ.",
)

SCHEDULES = [nightly, weekly]
