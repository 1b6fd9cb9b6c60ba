"""Sensors: one, which looks for new batches. It discovers; the job does the work."""

import time

import dagster as dg

from orchestration.assets.lists import VALIDATED_FILINGS
from orchestration.discovery import pending
from orchestration.ingest import discover
from orchestration.jobs import refresh
from orchestration.partitions import add_batches, known_keys, range_tags, ranges_of
from orchestration.resources import Register
from orchestration.runs import close_dead_runs, failures_of, unfinished_runs
from orchestration.settings import Settings
from scrapers.lists import batch_key
from scrapers.notices import missing_ordinals


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=Settings.from_environment().poll_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads the notice list and requests one run for all batches that are announced "
    "and have not come through yet.",
)
def new_batches(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """An unreadable notice list fails the tick; it is never taken for "nothing new"."""
    register = Register()
    settings = register.settings
    for run_id in close_dead_runs(context.instance, settings.data_dir):
        context.log.warning(f"run {run_id} had died; it is marked as failed")
    with register.session() as session:
        discovery = discover(session, register.archive)
    for problem in discovery.notices.problems:
        context.log.error(f"a notice cannot be read: {problem}")
    if gaps := missing_ordinals(discovery.announcements):
        context.log.warning(f"no announcement found of batches {', '.join(map(batch_key, gaps))}")
    add_batches(context.instance, discovery.announcements)
    if unfinished_runs(context.instance):
        return dg.SkipReason("a run is queued or under way")
    keys = known_keys(context.instance)
    announced = [batch_key(number) for number in discovery.announcements]
    materialized = context.instance.get_materialized_partitions(VALIDATED_FILINGS)
    missing = set(announced) - materialized
    wanted = pending(
        announced,
        materialized,
        failures_of(context.instance, missing, keys),
        time.time(),
        settings.poll_seconds,
    )
    if not wanted:
        waiting = f"; waiting to try again: {', '.join(sorted(missing))}" if missing else ""
        return dg.SkipReason(f"{len(announced)} batches announced, none new{waiting}")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(tags=range_tags(key_range)) for key_range in ranges_of(wanted, keys)
        ]
    )


SENSORS = [new_batches]
