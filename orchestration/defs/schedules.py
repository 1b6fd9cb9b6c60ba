"""Schedules: `nightly` fetches all documents again, `weekly` verifies all stored files."""

from collections.abc import Sequence

import dagster as dg

from orchestration.defs.names import CHECK_STORES, DOMAIN, REFRESH
from orchestration.defs.partitions import known_partitions, run_tags
from orchestration.defs.resources import Workspace
from orchestration.runtime.recorded_sources import require_source
from scrapers.registers.base import Register

TIMEZONE = "Asia/Shanghai"


def build_schedules(
    registers: Sequence[Register], workspace: Workspace
) -> list[dg.ScheduleDefinition]:
    """Build the schedules for these registers.

    As in `build_sensor`, the workspace is not a resource, which would take the run lock.
    """

    @dg.schedule(
        job_name=REFRESH,
        name="nightly",
        cron_schedule="30 2 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Fetches every known document again, because the source amends lists in place, "
        "even months later.",
        tags=DOMAIN,
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        require_source(workspace.data, workspace.source)
        if not any(known_partitions(context.instance, register) for register in registers):
            return dg.SkipReason("no documents are known yet; the sensor new_documents finds them")
        return dg.RunRequest(tags=run_tags(dict.fromkeys(registers)))

    weekly = dg.ScheduleDefinition(
        job_name=CHECK_STORES,
        name="weekly",
        cron_schedule="30 4 * * 0",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Compares every stored file with its hash. A failed run lists the files that "
        "differ.",
    )
    return [nightly, weekly]
