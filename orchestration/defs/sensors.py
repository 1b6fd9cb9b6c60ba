"""Sensors: one, which looks for new batches. It discovers; the job does the work."""

import time

import dagster as dg

from orchestration.defs.jobs import refresh
from orchestration.defs.partitions import known_keys, range_tags, ranges_of, settle_batches
from orchestration.defs.resources import Register
from orchestration.defs.run_history import (
    close_dead_runs,
    failures_of,
    published_keys,
    unfinished_runs,
)
from orchestration.defs.sensor_decisions import pending
from orchestration.ingest.pipeline import discover
from orchestration.settings import Settings
from scrapers.errors import MAX_LINES, few
from scrapers.registers.lists import batch_key

# Dagster ends a tick that takes a minute; the next tick asks again anyway.
DEADLINE_SECONDS = 30.0


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
    dead = close_dead_runs(context.instance, settings.data_dir)
    with register.session(attempts=1, deadline_seconds=DEADLINE_SECONDS) as session:
        discovery = discover(session, register.archive, register.outcomes)
    remarks = [f"run {run_id} had died and is marked as failed" for run_id in dead]
    if discovery.gaps:
        remarks.append(f"no announcement found of batch {few(discovery.gaps, MAX_LINES)}")
    if unfinished_runs(context.instance):
        return _skip("a run is queued or under way", remarks)
    settle_batches(context.instance, discovery.batch_nos)
    keys = known_keys(context.instance)
    announced = [batch_key(number) for number in discovery.announcements]
    published = published_keys(context.instance)
    missing = sorted(set(announced) - published)
    wanted = pending(
        announced,
        published,
        failures_of(context.instance, missing, keys),
        time.time(),
        settings.poll_seconds,
    )
    if wanted:
        requests = [dg.RunRequest(tags=range_tags(part)) for part in ranges_of(wanted, keys)]
        return dg.SensorResult(run_requests=requests)
    if discovery.notices.alarms:
        # Only now, so that one notice that cannot be read does not hold up the other batches.
        raise discovery.notices.alarms[0]
    if missing:
        remarks.append(f"waiting to try again: {few(missing, MAX_LINES)}")
    return _skip(f"{len(announced)} batches announced, none new", remarks)


def _skip(reason: str, remarks: list[str]) -> dg.SkipReason:
    """Skip, and say what an operator should know: a tick's log lines are not kept."""
    return dg.SkipReason("; ".join([reason, *remarks]))


SENSORS = [new_batches]
