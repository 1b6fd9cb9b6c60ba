"""Runs as the instance records them: those under way, those that died, and failed documents.

A Dagster home may be shared with other projects. Their runs are neither closed nor waited for.
"""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import dagster as dg
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME

from orchestration.defs.asset_keys import RELEASE, all_keys, validated_key
from orchestration.defs.names import CHECK_STORES, REFRESH
from orchestration.defs.partitions import partitions_of_run
from orchestration.defs.sensor_decisions import Failures
from orchestration.runtime.run_lock import is_run_alive
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register

# Our code location: its name in workspace.yaml, and the module that `dagster dev -m` names.
CODE_LOCATION = "filings"
DEFINITIONS = "orchestration.definitions"
# The last is Dagster's own, for runs that materialize single assets.
JOBS = (REFRESH, CHECK_STORES, IMPLICIT_ASSET_JOB_NAME)
FAILURES_LOOKED_AT = 100
RUNS_LOOKED_AT = 100
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


def foreign_runs(instance: dg.DagsterInstance) -> list[str]:
    """The other projects, by code location or job, of which the latest runs of the instance are."""
    runs = instance.get_runs(limit=RUNS_LOOKED_AT)
    return sorted({_owner(run) for run in runs if not _is_ours(run)})


def unfinished_runs(instance: dg.DagsterInstance) -> int:
    """How many runs, of the job or of single assets, are queued or under way."""
    return len(_runs_in(instance, [*_WAITING, *_STARTED]))


def published_partitions(instance: dg.DagsterInstance, register: Register) -> set[str]:
    """The documents that have come through: validated, and a release made after that.

    A run that dies between the two leaves a document that is materialized, yet in no release.
    """
    releases = instance.fetch_materializations(RELEASE, limit=1).records
    if not releases:
        return set()
    validated = instance.event_log_storage.get_latest_storage_id_by_partition(
        validated_key(register), dg.DagsterEventType.ASSET_MATERIALIZATION
    )
    return {key for key, at in validated.items() if at < releases[0].storage_id}


def failures_of(
    instance: dg.DagsterInstance,
    register: Register,
    partitions: Collection[str],
    known: Sequence[str],
) -> dict[str, Failures]:
    """The failed runs of each of these documents, which have not come through since."""
    records = [
        record
        for job in JOBS
        for record in islice(_our_failures(instance, job), FAILURES_LOOKED_AT)
    ]
    failures: dict[str, Failures] = {}
    for record in records:
        ended = record.end_time or record.update_timestamp.timestamp()
        covered = partitions_of_run(register, record.dagster_run.tags, known)
        for partition in set(covered) & set(partitions):
            known_so_far = failures.get(partition, Failures(0, ended))
            failures[partition] = Failures(known_so_far.count + 1, max(known_so_far.last_at, ended))
    return failures


def _our_failures(instance: dg.DagsterInstance, job: str) -> Iterator[dg.RunRecord]:
    """Our failed runs of a job, latest first, however many others' lie between them."""
    failed = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.FAILURE])
    cursor = None
    while page := instance.get_run_records(failed, limit=RUNS_LOOKED_AT, cursor=cursor):
        yield from (record for record in page if _is_ours(record.dagster_run))
        cursor = page[-1].dagster_run.run_id


def _runs_in(
    instance: dg.DagsterInstance,
    statuses: Sequence[dg.DagsterRunStatus],
    made_before: datetime | None = None,
) -> list[dg.DagsterRun]:
    wanted = dg.RunsFilter(statuses=list(statuses), created_before=made_before)
    return [run for run in instance.get_runs(wanted) if _is_ours(run)]


def _owner(run: dg.DagsterRun) -> str:
    return run.remote_job_origin.location_name if run.remote_job_origin else run.job_name


def _is_ours(run: dg.DagsterRun) -> bool:
    """Whether a run belongs to this project, by its job and its code location.

    A run in the caller's own process has no location: `filings refresh` makes such runs of the job,
    and `dagster asset materialize`, of any project, makes them of single assets.
    """
    if run.job_name not in JOBS:
        return False
    origin = run.remote_job_origin
    if origin is None:
        return not run.asset_selection or run.asset_selection <= _our_assets()
    return origin.location_name == CODE_LOCATION or _module(run) == DEFINITIONS


def _our_assets() -> Set[dg.AssetKey]:
    return all_keys(REGISTERS)


def _module(run: dg.DagsterRun) -> str | None:
    """The module that a run's definitions were loaded from, if it was a module."""
    code = run.job_code_origin
    return getattr(code.repository_origin.code_pointer, "module", None) if code else None
