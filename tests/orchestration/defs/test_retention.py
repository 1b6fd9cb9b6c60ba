"""Old runs are deleted from Dagster's records; the latest results and other projects' runs stay."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.utils import make_new_run_id

from orchestration.definitions import defs as definitions
from orchestration.defs import retention
from orchestration.defs.names import CHECK_STORES, DOMAIN, MAINTAIN, REFRESH
from orchestration.defs.records import latest_results
from orchestration.defs.retention import purge

RARE = dg.AssetKey("rare")
NIGHTLY = dg.AssetKey("nightly")
PARTS = dg.StaticPartitionsDefinition(["a", "b"])
CHECK = dg.AssetCheckKey(RARE, "fits")


@dg.asset(key=NIGHTLY)
def nightly_asset() -> None:
    """Materialized by every run."""


@dg.asset(key=RARE, partitions_def=PARTS)
def rare_asset() -> None:
    """Materialized by single runs."""


@dg.asset_check(asset=RARE, name="fits")
def fits() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, metadata={"text": "x" * 2_000})


@dg.asset(key="theirs")
def their_asset() -> None:
    """An asset of another project."""


_NIGHT = dg.define_asset_job(REFRESH, selection=[nightly_asset], tags=DOMAIN)
_RARE = dg.define_asset_job(
    REFRESH, selection=dg.AssetSelection.assets(rare_asset).without_checks(), tags=DOMAIN
)
_CHECK = dg.define_asset_job(REFRESH, selection=dg.AssetSelection.checks(fits), tags=DOMAIN)
_THEIRS = dg.define_asset_job("their_refresh", selection=[their_asset])


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEPT_RUNS", {REFRESH: 2})
    monkeypatch.setattr(retention, "KEPT_RUNS_OF_OTHER_JOBS", 1)
    monkeypatch.setattr(retention, "KEPT_FAILURES", 1)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance with SQLite files, as in a data directory."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def execute(instance: dg.DagsterInstance, job: object, partition: str | None = None) -> str:
    own = dg.Definitions(
        [nightly_asset, rare_asset, their_asset], asset_checks=[fits], jobs=[job]
    ).resolve_job_def(job.name)
    return own.execute_in_process(instance=instance, partition_key=partition).run_id


def add_run(instance: dg.DagsterInstance, status: str, job: str = REFRESH) -> str:
    run = dg.DagsterRun(
        job, make_new_run_id(), status=dg.DagsterRunStatus[status], tags=dict(DOMAIN)
    )
    return instance.add_run(run).run_id


def purged(instance: dg.DagsterInstance) -> retention.Purged:
    return purge(instance, {NIGHTLY, RARE}, {CHECK})


def run_ids(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def test_latest_runs_of_each_job_are_kept_regardless_of_their_dates(instance):
    of = {
        job: [add_run(instance, "SUCCESS", job) for _ in range(4)]
        for job in (REFRESH, CHECK_STORES, MAINTAIN)
    }
    assert purged(instance).runs == 2 + 3 + 3
    assert run_ids(instance) == {*of[REFRESH][2:], of[CHECK_STORES][3], of[MAINTAIN][3]}
    assert purged(instance).runs == 0


def test_failed_runs_are_kept_longer_but_not_always(instance):
    ids = [
        add_run(instance, status)
        for status in ("FAILURE", "CANCELED", "SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS")
    ]
    purged(instance)
    assert run_ids(instance) == {ids[1], *ids[4:]}


@pytest.mark.parametrize("status", ["STARTED", "NOT_STARTED", "CANCELING"])
def test_unfinished_runs_are_kept_and_not_counted(instance, status):
    first = add_run(instance, status)
    ids = [add_run(instance, "SUCCESS") for _ in range(2)]
    assert purged(instance).runs == 0
    assert run_ids(instance) == {first, *ids}


def test_runs_of_other_projects_are_kept(instance):
    theirs = [execute(instance, _THEIRS) for _ in range(3)]
    assert purged(instance).runs == 0
    assert run_ids(instance) == set(theirs)


def test_run_with_the_latest_result_of_a_partition_or_check_is_kept(instance):
    replaced, latest = (execute(instance, _RARE, "a") for _ in range(2))
    other = execute(instance, _RARE, "b")
    checks = [execute(instance, _CHECK) for _ in range(2)]
    nights = [execute(instance, _NIGHT) for _ in range(4)]
    assert purged(instance).runs == 4
    assert run_ids(instance) == {latest, other, checks[1], *nights[2:]}
    assert replaced not in run_ids(instance)
    assert instance.get_materialized_partitions(RARE) == {"a", "b"}
    (check,) = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=10)
    assert check.run_id == checks[1]


def test_results_of_assets_and_checks_that_no_longer_exist_keep_no_run(instance):
    execute(instance, _RARE, "a")
    execute(instance, _CHECK)
    nights = [execute(instance, _NIGHT) for _ in range(2)]
    assert purge(instance, {NIGHTLY}, set()).runs == 2
    assert run_ids(instance) == set(nights)


def test_deleted_run_leaves_no_file_and_no_rows(instance, tmp_path):
    old = execute(instance, _CHECK)
    kept = [execute(instance, job) for job in (_CHECK, _NIGHT, _NIGHT)]
    shard = tmp_path / f"history/runs/{old}.db"
    assert shard.exists()
    assert purged(instance).runs == 1
    assert not list(shard.parent.glob(f"{old}*"))
    files = [tmp_path / "history/runs.db", tmp_path / "history/runs/index.db"]
    for path in files:
        with closing(sqlite3.connect(path)) as database:
            text = "\n".join(database.iterdump())
        assert old not in text and kept[-1] in text


def test_files_become_smaller_while_other_processes_have_them_open(instance, tmp_path, monkeypatch):
    monkeypatch.setattr("orchestration.runtime.sqlite_files.WORTHWHILE_BYTES", 4096)
    for _ in range(10):
        execute(instance, _CHECK)
    index = tmp_path / "history/runs/index.db"
    with closing(sqlite3.connect(index)) as reader:
        (before,) = reader.execute("select max(id) from event_logs").fetchone()
        size = index.stat().st_size
        found = purged(instance)
        assert index.stat().st_size < size * 0.8
        assert reader.execute("select max(id) from event_logs").fetchone() == (before,)
    assert found.bytes_after < found.bytes_before and found.problems == []
    assert str(found).startswith("8 old runs deleted; records ")


def test_locked_file_is_a_problem_but_runs_are_deleted(instance, tmp_path, monkeypatch):
    monkeypatch.setattr("orchestration.runtime.sqlite_files.WORTHWHILE_BYTES", 1)
    monkeypatch.setattr("orchestration.runtime.sqlite_files.WORTHWHILE_PART", 0)
    monkeypatch.setattr("orchestration.runtime.sqlite_files.BUSY_TIMEOUT_SECONDS", 0.1)
    for _ in range(3):
        add_run(instance, "SUCCESS")
    schedules = tmp_path / "schedules/schedules.db"
    with closing(sqlite3.connect(schedules, isolation_level=None)) as writer:
        writer.execute("create table large as select randomblob(100000) as block")
        writer.execute("drop table large")
        writer.execute("begin immediate")
        found = purged(instance)
    assert found.runs == 1
    assert found.problems == [f"{schedules} was not made smaller (database is locked)"]


def test_second_purge_at_the_same_time_does_nothing(instance, tmp_path):
    for _ in range(3):
        add_run(instance, "SUCCESS")
    with (tmp_path / ".maintain.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = purged(instance)
    assert found.runs == 0 and found.problems == ["another process is deleting old runs"]
    assert len(run_ids(instance)) == 3


def test_purge_after_a_killed_one_completes_it(instance, monkeypatch):
    execute(instance, _CHECK)
    kept = {execute(instance, job) for job in (_CHECK, _NIGHT, _NIGHT)}
    with monkeypatch.context() as killed:
        killed.setattr(type(instance.run_storage), "delete_run", _killed)
        with pytest.raises(KeyboardInterrupt):
            purged(instance)
    assert purged(instance).runs == 1
    assert run_ids(instance) == kept


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_job_deletes_old_runs(data_dir, instance):
    ids = [add_run(instance, "SUCCESS") for _ in range(5)]
    result = definitions.resolve_job_def(MAINTAIN).execute_in_process(instance=instance)
    assert result.success
    assert run_ids(instance) == {*ids[3:], result.run_id}


def test_records_in_memory_are_purged_without_sizes(data_dir):
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(4):
            add_run(instance, "SUCCESS")
        assert str(purged(instance)) == "2 old runs deleted"
        assert latest_results(instance.event_log_storage, {NIGHTLY}, {CHECK}) == set()


def test_planned_check_of_a_deleted_run_is_deleted(instance):
    for _ in range(4):
        execute(instance, _CHECK)
    purged(instance)
    with instance.event_log_storage.index_connection() as connection:
        rows = connection.execute(AssetCheckExecutionsTable.select()).fetchall()
    assert len(rows) == 2


def test_job_runs_every_night_by_default():
    schedule = definitions.get_schedule_def("maintenance")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (schedule.job_name, schedule.cron_schedule) == (MAINTAIN, "30 3 * * *")
