"""Sensors that report the end of every run: failures are told at once, and so is the recovery.

They see the runs of this Dagster instance that the daemon started, and those of `filings refresh`,
which have no code location. A run that only documents failed is explained by their problems.
"""

import dagster as dg

from orchestration.defs.names import CHECK_STORES, MAINTAIN, REFRESH
from orchestration.defs.resources import Workspace
from orchestration.defs.run_history import is_ours
from orchestration.incidents.report import Ended, report
from orchestration.settings import AlertSettings

INTERVAL_SECONDS = 60


def build_alert_sensors(workspace: Workspace) -> list[dg.SensorDefinition]:
    """Build the sensors for failed and for successful runs."""

    @dg.run_failure_sensor(
        name="failed_runs",
        monitor_all_code_locations=True,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends an alert to FILINGS_ALERT_URL when a run fails or a document is held "
        "back: once per incident, until it is well again.",
    )
    def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        return _report(workspace, context.dagster_run, failure_text(workspace, context))

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="successful_runs",
        monitor_all_code_locations=True,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends word to FILINGS_ALERT_URL when all is well again, a heartbeat to "
        "FILINGS_HEARTBEAT_URL, and a new release to FILINGS_RELEASE_URL.",
    )
    def successful_runs(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
        return _report(workspace, context.dagster_run, None, is_good=True)

    return [failed_runs, successful_runs]


def failure_text(workspace: Workspace, context: dg.RunFailureSensorContext) -> str | None:
    """Why a run failed; None if the records of the data directory say so."""
    run_id = context.dagster_run.run_id
    results = workspace.results
    last = results.last_run()
    is_recorded = bool(last and last.run_id == run_id and last.problem)
    of_documents = [result for result in results.of_run(run_id) if result.problem]
    if is_recorded or of_documents or results.delivery_problems(run_id):
        return None
    for event in context.get_step_failure_events():
        failure = event.step_failure_data.user_failure_data
        if failure and failure.description:
            return failure.description
        if error := event.step_failure_data.error:
            while error.cause:
                error = error.cause
            return error.message.strip()
    return context.failure_event.message or "the run failed without a message"


def _report(
    workspace: Workspace, run: dg.DagsterRun, problem: str | None, *, is_good: bool = False
) -> dg.SkipReason | None:
    if not is_ours(run):
        return dg.SkipReason(f"the run of {run.job_name} belongs to another project")
    # Runs of single assets are part of a refresh, whose records they change.
    job = run.job_name if run.job_name in (CHECK_STORES, MAINTAIN) else REFRESH
    warnings = report(
        workspace.data, AlertSettings.from_environment(), Ended(job, problem, is_good)
    )
    return dg.SkipReason("; ".join(warnings)) if warnings else None
