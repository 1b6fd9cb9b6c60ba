"""A real daemon: what is announced is published without a hand touching anything.

`conftest.py` has two of them running: one over the replica, in whose data directory ten batches
had been published; one in live mode over loopback servers, which began with nothing.
"""

from pathlib import Path

import pytest
from dagster import DagsterRunStatus

from tests.end_to_end.commands import PATIENCE_SECONDS, wait_until
from tests.end_to_end.releases import PER_BATCH_11, dagster_instance, published_per_batch


@pytest.fixture(scope="module", autouse=True)
def _both_at_once(live_daemon, replica_daemon) -> None:
    """Daemons mostly wait: each does so while the other works."""


def assert_published(data_dir: Path, expected: dict[int, int], log: Path) -> None:
    is_there = wait_until(lambda: published_per_batch(data_dir) == expected, PATIENCE_SECONDS)
    assert is_there, f"{published_per_batch(data_dir)}\n{log.read_text()}"


def sensor_runs(data_dir: Path) -> list[DagsterRunStatus]:
    """How the runs that the sensor asked for stand, latest first; the schedule's are no matter."""
    with dagster_instance(data_dir) as instance:
        runs = instance.get_runs()
    return [run.status for run in runs if run.tags.get("dagster/sensor_name") == "new_documents"]


def assert_runs_succeed(data_dir: Path, count: int, log: Path) -> None:
    """The sensor has asked for so many runs, no more, and all of them succeed."""
    wanted = [DagsterRunStatus.SUCCESS] * count
    succeeded = wait_until(lambda: sensor_runs(data_dir) == wanted, PATIENCE_SECONDS)
    assert succeeded, f"{sensor_runs(data_dir)}\n{log.read_text()}"


def test_the_sensor_picks_up_the_eleventh_batch_of_the_replica(replica_daemon):
    data_dir, log = replica_daemon.data_dir, replica_daemon.log
    assert_published(data_dir, PER_BATCH_11, log)
    assert_runs_succeed(data_dir, 1, log)


def test_the_sensor_picks_up_what_it_finds_and_then_batches_never_seen(live_daemon):
    data_dir, log, sites = live_daemon.data_dir, live_daemon.log, live_daemon.sites
    assert live_daemon.ten_first.result(), log.read_text()
    assert_published(data_dir, {**PER_BATCH_11, 12: 7}, log)
    assert_runs_succeed(data_dir, 2, log)
    # Each request is a tick, and the first of two has decided by the time of the second.
    asked = len(sites.log)
    assert wait_until(lambda: len(sites.log) >= asked + 2, PATIENCE_SECONDS), log.read_text()
    assert_runs_succeed(data_dir, 2, log)
