"""Which runs are kept in Dagster's records, and the deletion of the others.

The rules count runs, not days, so that the records stay small at any rate of runs:

- of each job, the latest runs (KEPT_RUNS);
- beyond them, the latest failed and cancelled ones (KEPT_FAILURES), which the sensor counts;
- runs that are not finished;
- runs with the latest materialization of an asset or partition, or the latest result of a check.

Runs of other projects in the same instance are never deleted.
"""

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage

from orchestration.defs.names import REFRESH
from orchestration.defs.records import delete_run, latest_results
from orchestration.defs.run_history import JOBS, PAGE_SIZE, is_ours
from orchestration.runtime.counts import counted
from orchestration.runtime.event_log import RECORDS
from orchestration.runtime.sqlite_files import shrink, size_of

# An unchanged night adds 1 MB, and a run that builds the models 5 MB.
KEPT_RUNS = {REFRESH: 14}
KEPT_RUNS_OF_OTHER_JOBS = 5
KEPT_FAILURES = 8
_LOCK = ".maintain.lock"
_FAILED = {dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}


@dataclass(frozen=True)
class Purged:
    """The number of deleted runs, and the bytes of the records before and after.

    The bytes are None if the records are not in SQLite files. `problems` say what could not be
    done; the next purge does it.
    """

    runs: int
    bytes_before: int | None = None
    bytes_after: int | None = None
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = f"{counted(self.runs, 'old run', 'old runs')} deleted"
        if self.bytes_before is None or self.bytes_after is None:
            return done
        sizes = (f"{size / 1e6:.1f} MB" for size in (self.bytes_before, self.bytes_after))
        return f"{done}; records {' before, '.join(sizes)} now"


def purge(
    instance: dg.DagsterInstance,
    assets: Collection[dg.AssetKey],
    checks: Collection[dg.AssetCheckKey],
) -> Purged:
    """Delete the runs of this project that are not kept, and return their space to the disk.

    `assets` and `checks` are all of this project. Only one purge at a time does anything.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return Purged(0, problems=[f"{type(storage).__name__} cannot be purged"])
    files = _folders(instance) if isinstance(storage, SqliteEventLogStorage) else []
    before = sum(map(size_of, files)) if files else None
    with _alone(instance) as is_alone:
        if not is_alone:
            return Purged(0, before, before, ["another process is deleting old runs"])
        old = list(_beyond_limits(instance))
        # The query for what must be kept is only needed if something could be deleted.
        needed = latest_results(storage, assets, checks) if old else set()
        deleted = [run_id for run_id in old if run_id not in needed]
        for run_id in deleted:
            delete_run(instance, storage, run_id)
        paths = [Path(instance.root_directory, name) for name in RECORDS] if files else []
        problems = [problem for path in paths if (problem := shrink(path))]
    after = sum(map(size_of, files)) if files else None
    return Purged(len(deleted), before, after, problems)


def _beyond_limits(instance: dg.DagsterInstance) -> Iterator[str]:
    """The ids of the finished runs beyond the limits of their jobs."""
    for job in JOBS:
        limit = KEPT_RUNS.get(job, KEPT_RUNS_OF_OTHER_JOBS)
        failures = 0
        for number, run in enumerate(_finished(instance, job)):
            if number < limit:
                continue
            failures += run.status in _FAILED
            if run.status not in _FAILED or failures > KEPT_FAILURES:
                yield run.run_id


def _finished(instance: dg.DagsterInstance, job: str) -> Iterator[dg.DagsterRun]:
    """The finished runs of a job of this project, latest first."""
    cursor = None
    while page := instance.get_runs(dg.RunsFilter(job_name=job), cursor=cursor, limit=PAGE_SIZE):
        yield from (run for run in page if run.is_finished and is_ours(run))
        cursor = page[-1].run_id


def _folders(instance: dg.DagsterInstance) -> list[Path]:
    """The folders of Dagster's SQLite files."""
    names = {Path(name).parts[0] for name in RECORDS}
    return [Path(instance.root_directory, name) for name in sorted(names)]


@contextmanager
def _alone(instance: dg.DagsterInstance) -> Iterator[bool]:
    """Whether no other process purges these records during the block."""
    with Path(instance.root_directory, _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
