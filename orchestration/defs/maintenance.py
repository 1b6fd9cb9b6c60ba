"""The job `maintain`, which deletes old runs from Dagster's records, and its schedule."""

from collections.abc import Sequence

import dagster as dg

from orchestration.defs.names import DOMAIN, MAINTAIN
from orchestration.defs.resources import Workspace
from orchestration.defs.retention import purge
from orchestration.defs.schedules import TIMEZONE


def build_maintenance(
    definitions: Sequence[dg.AssetsDefinition],
) -> tuple[dg.JobDefinition, dg.ScheduleDefinition]:
    """Build the job and its schedule for the records of these assets and checks."""
    assets = {key for item in definitions for key in item.keys}
    checks = {key for item in definitions for key in item.check_keys}

    # With the workspace, it holds the run lock, as every run that is under way must.
    @dg.op(description="Delete the runs that are not kept. The latest results stay.")
    def delete_old_runs(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        purged = purge(context.instance, assets, checks)
        for problem in purged.problems:
            context.log.warning(problem)
        context.log.info(str(purged))

    @dg.job(
        name=MAINTAIN,
        executor_def=dg.in_process_executor,
        description="Delete old runs from Dagster's records, as `filings maintain` does.",
        tags=DOMAIN,
    )
    def maintain() -> None:
        delete_old_runs()

    maintenance = dg.ScheduleDefinition(
        job=maintain,
        name="maintenance",
        cron_schedule="30 3 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Deletes old runs, so that Dagster's records do not grow without limit.",
        tags=DOMAIN,
    )
    return maintain, maintenance
