"""Sensors that report the end of every run: failures at once, and the recovery as well.

They see the runs of this Dagster instance that the daemon started, and those of `filings refresh`,
which have no code location. A run that only documents failed is explained by their problems.
"""

import dagster as dg

from orchestration.defs.endings import reason_of
from orchestration.defs.names import CHECK_STORES, MAINTAIN, REFRESH
from orchestration.defs.resources import Workspace
from orchestration.defs.run_history import is_ours
from orchestration.incidents.report import Ended, report
from orchestration.ingest.results import STOPPED_BY_USER
from orchestration.settings import AlertSettings

INTERVAL_SECONDS = 60


def build_alert_sensors(workspace: Workspace, alerts: AlertSettings) -> list[dg.SensorDefinition]:
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
        problem = failure_text(workspace, context)
        return _report(workspace, alerts, context.dagster_run, problem)

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
        return _report(workspace, alerts, context.dagster_run, None, is_good=True)

    return [failed_runs, successful_runs]


def failure_text(workspace: Workspace, context: dg.RunFailureSensorContext) -> str | None:
    """Why a run failed; None if the records of the data directory say so, or if it is past.

    The daemon may see a failed run only after the next one: after a restart, or if the process of
    the run died and its record was closed late.
    """
    run_id, results = context.dagster_run.run_id, workspace.results
    last = results.last_run()
    # Dagster interrupts a run that takes too long, as a user would, but then records a failure.
    is_recorded = bool(
        last and last.run_id == run_id and last.problem and last.problem != STOPPED_BY_USER
    )
    of_documents = [result for result in results.of_run(run_id) if result.problem]
    if is_recorded or of_documents or results.delivery_problems(run_id):
        return None
    if _is_past(context.instance, workspace, context.dagster_run):
        return None
    events = [*context.get_step_failure_events(), context.failure_event]
    return reason_of(events[0])


def _is_past(instance: dg.DagsterInstance, workspace: Workspace, run: dg.DagsterRun) -> bool:
    """Whether a later run of the same job has ended well, or has published a release."""
    good = dg.RunsFilter(job_name=run.job_name, statuses=[dg.DagsterRunStatus.SUCCESS])
    later = instance.get_run_records(good, limit=1)
    finished = workspace.results.last_finished()
    if finished and _job_of(run) == REFRESH:
        later = [*later, *instance.get_run_records(dg.RunsFilter(run_ids=[finished.run_id]))]
    own = instance.get_run_record_by_id(run.run_id)
    return own is not None and any(record.storage_id > own.storage_id for record in later)


def _job_of(run: dg.DagsterRun) -> str:
    """The job of a run. Runs of single assets are part of a refresh, whose records they change."""
    return run.job_name if run.job_name in (CHECK_STORES, MAINTAIN) else REFRESH


def _report(
    workspace: Workspace,
    alerts: AlertSettings,
    run: dg.DagsterRun,
    problem: str | None,
    *,
    is_good: bool = False,
) -> dg.SkipReason | None:
    if not is_ours(run):
        return dg.SkipReason(f"the run of {run.job_name} belongs to another project")
    warnings = report(workspace.data, alerts, Ended(_job_of(run), problem, is_good))
    return dg.SkipReason("; ".join(warnings)) if warnings else None
