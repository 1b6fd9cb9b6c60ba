"""Runs as the instance records them: those under way, those that died, and failures by batch."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration.discovery import Failures
from orchestration.keys import RELEASE, VALIDATED_FILINGS
from orchestration.partitions import keys_of_run
from orchestration.run_lock import is_run_alive

FAILURES_LOOKED_AT = 100
LONGEST_START_SECONDS = 300
_WAITING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
]
_STARTED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def close_dead_runs(instance: dg.DagsterInstance, data_dir: Path) -> list[str]:
    """Mark runs as failed whose process ended without a word (killed, power cut); their ids.

    A started run holds the run lock; if nobody does, no started run is alive. A run that was
    made but never started was killed in between, unless it is only just being made. Left open,
    a dead run would keep the queue closed for ever.
    """
    started = _runs_in(instance, _STARTED)
    dead = [] if started and is_run_alive(data_dir) else started
    made_before = datetime.now(UTC) - timedelta(seconds=LONGEST_START_SECONDS)
    dead += _runs_in(instance, [dg.DagsterRunStatus.NOT_STARTED], made_before)
    for run in dead:
        instance.report_run_failed(run, "The run's process ended without a word.")
    return [run.run_id for run in dead]


def unfinished_runs(instance: dg.DagsterInstance) -> int:
    """How many runs, of the job or of single assets, are queued or under way."""
    return len(_runs_in(instance, [*_WAITING, *_STARTED]))


def published_keys(instance: dg.DagsterInstance) -> set[str]:
    """The batches that have come through: validated, and a release made after that.

    A run that dies between the two leaves a batch that is materialized, yet in no release.
    """
    releases = instance.fetch_materializations(RELEASE, limit=1).records
    if not releases:
        return set()
    validated = instance.event_log_storage.get_latest_storage_id_by_partition(
        VALIDATED_FILINGS, dg.DagsterEventType.ASSET_MATERIALIZATION
    )
    return {key for key, at in validated.items() if at < releases[0].storage_id}


def failures_of(
    instance: dg.DagsterInstance, keys: Collection[str], known: Sequence[str]
) -> dict[str, Failures]:
    """The failed runs of each of these batches, which have not come through since."""
    records = instance.get_run_records(
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]), limit=FAILURES_LOOKED_AT
    )
    failures: dict[str, Failures] = {}
    for record in records:
        ended = record.end_time or record.update_timestamp.timestamp()
        for key in set(keys_of_run(record.dagster_run.tags, known)) & set(keys):
            known_so_far = failures.get(key, Failures(0, ended))
            failures[key] = Failures(known_so_far.count + 1, max(known_so_far.last_at, ended))
    return failures


def _runs_in(
    instance: dg.DagsterInstance,
    statuses: Sequence[dg.DagsterRunStatus],
    made_before: datetime | None = None,
) -> list[dg.DagsterRun]:
    wanted = dg.RunsFilter(statuses=list(statuses), created_before=made_before)
    return list(instance.get_runs(wanted))
