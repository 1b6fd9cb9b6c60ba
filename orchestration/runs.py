"""Runs as the instance records them: those under way, those that died, and failures by batch."""

from collections.abc import Collection, Sequence
from pathlib import Path

import dagster as dg

from orchestration.discovery import Failures
from orchestration.jobs import REFRESH
from orchestration.partitions import keys_of_run
from orchestration.run_lock import is_run_alive

FAILURES_LOOKED_AT = 100
_WAITING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
]


def close_dead_runs(instance: dg.DagsterInstance, data_dir: Path) -> list[str]:
    """Mark runs as failed whose process ended without a word (killed, power cut).

    A started run holds the run lock; if nobody does, no started run is alive. Left open, a dead
    run would keep the queue closed for ever.
    """
    started = instance.get_runs(
        dg.RunsFilter(
            job_name=REFRESH,
            statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING],
        )
    )
    if not started or is_run_alive(data_dir):
        return []
    for run in started:
        instance.report_run_failed(run, "The run's process ended without a word.")
    return [run.run_id for run in started]


def unfinished_runs(instance: dg.DagsterInstance) -> int:
    """How many runs of the job are queued or under way."""
    statuses = [*_WAITING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    return len(instance.get_runs(dg.RunsFilter(job_name=REFRESH, statuses=statuses)))


def failures_of(
    instance: dg.DagsterInstance, keys: Collection[str], known: Sequence[str]
) -> dict[str, Failures]:
    """The failed runs of each of these batches, which have never come through."""
    records = instance.get_run_records(
        dg.RunsFilter(job_name=REFRESH, statuses=[dg.DagsterRunStatus.FAILURE]),
        limit=FAILURES_LOOKED_AT,
    )
    failures: dict[str, Failures] = {}
    for record in records:
        ended = record.end_time or record.update_timestamp.timestamp()
        for key in set(keys_of_run(record.dagster_run.tags, known)) & set(keys):
            known_so_far = failures.get(key, Failures(0, ended))
            failures[key] = Failures(known_so_far.count + 1, max(known_so_far.last_at, ended))
    return failures
