"""Queries the run records of the instance: unfinished runs, dead runs, and failed documents.

A Dagster home may be shared with other projects. Their runs are ignored here.
"""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import dagster as dg
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME

from orchestration.defs.asset_keys import all_keys
from orchestration.defs.names import CHECK_STORES, DOMAIN, MAINTAIN, REFRESH
from orchestration.defs.partitions import names_documents, partitions_of_run
from orchestration.defs.sensor_decisions import Failures
from orchestration.runtime.run_lock import is_run_alive
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register

# The code location of this project: its name in workspace.yaml, and the module it loads, which is
# also its name under `dagster dev -m`.
CODE_LOCATION = "filings"
DEFINITIONS = "orchestration.definitions"
# The last is Dagster's implicit job for runs of single assets.
JOBS = (REFRESH, CHECK_STORES, MAINTAIN, IMPLICIT_ASSET_JOB_NAME)
MAX_FAILURES = 100
PAGE_SIZE = 100
MAX_START_SECONDS = 300
_WAITING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
]
_STARTED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
# Not only failed: a run that a person cancelled must not be repeated at the next tick.
_NOT_DONE = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def close_dead_runs(instance: dg.DagsterInstance, data_dir: Path) -> list[str]:
    """Mark runs as failed whose process died, and return their ids.

    A started run holds the run lock, so if the lock is free, all started runs are dead. A run that
    was created more than MAX_START_SECONDS ago but never started is dead, too. A dead run that
    stays open would block the queue of runs forever.
    """
    started = _runs_in(instance, _STARTED)
    dead = [] if started and is_run_alive(data_dir) else started
    created_before = datetime.now(UTC) - timedelta(seconds=MAX_START_SECONDS)
    dead += _runs_in(instance, [dg.DagsterRunStatus.NOT_STARTED], created_before)
    for run in dead:
        instance.report_run_failed(run, "The process of the run died (killed, or power failure).")
    return [run.run_id for run in dead]


def is_ours(run: dg.DagsterRun) -> bool:
    """Whether a run belongs to this project, by its job and its code location.

    A run in the process that requested it has no code location. `filings refresh` creates such runs
    of the job, which has a tag, and `dagster asset materialize` creates them of single assets.
    """
    if run.job_name not in JOBS:
        return False
    origin = run.remote_job_origin
    if origin is None and run.job_name == IMPLICIT_ASSET_JOB_NAME:
        return not run.asset_selection or run.asset_selection <= _our_assets()
    if origin is None:
        return DOMAIN.items() <= run.tags.items() or names_documents(run.tags)
    return origin.location_name == CODE_LOCATION or _module(run) == DEFINITIONS


def foreign_runs(instance: dg.DagsterInstance) -> list[str]:
    """The other projects among the latest runs of the instance, by code location or job."""
    runs = instance.get_runs(limit=PAGE_SIZE)
    return sorted({_owner(run) for run in runs if not is_ours(run)})


def unfinished_runs(instance: dg.DagsterInstance) -> int:
    """The number of runs, of a job or of single assets, that are queued or under way."""
    return len(_runs_in(instance, [*_WAITING, *_STARTED]))


def failures_of(
    instance: dg.DagsterInstance,
    register: Register,
    partitions: Collection[str],
    known: Sequence[str],
) -> dict[str, Failures]:
    """The failed and cancelled runs by document, for documents that were not published since."""
    records = [
        record for job in JOBS for record in islice(_our_failures(instance, job), MAX_FAILURES)
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
    """The failed and cancelled runs of a job of this project, latest first."""
    failed = dg.RunsFilter(job_name=job, statuses=_NOT_DONE)
    cursor = None
    while page := instance.get_run_records(failed, limit=PAGE_SIZE, cursor=cursor):
        yield from (record for record in page if is_ours(record.dagster_run))
        cursor = page[-1].dagster_run.run_id


def _runs_in(
    instance: dg.DagsterInstance,
    statuses: Sequence[dg.DagsterRunStatus],
    created_before: datetime | None = None,
) -> list[dg.DagsterRun]:
    wanted = dg.RunsFilter(statuses=list(statuses), created_before=created_before)
    return [run for run in instance.get_runs(wanted) if is_ours(run)]


def _owner(run: dg.DagsterRun) -> str:
    return run.remote_job_origin.location_name if run.remote_job_origin else run.job_name


def _our_assets() -> Set[dg.AssetKey]:
    return all_keys(REGISTERS)


def _module(run: dg.DagsterRun) -> str | None:
    """The module from which the definitions of a run were loaded, if it was a module."""
    code = run.job_code_origin
    return getattr(code.repository_origin.code_pointer, "module", None) if code else None
