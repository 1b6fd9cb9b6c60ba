"""A refresh killed at its worst moments: readers notice nothing, the next run completes."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.commands import (
    REFRESH,
    environment,
    kill,
    run_command,
    start_process,
    wait_until,
)
from tests.end_to_end.releases import PER_BATCH, PER_BATCH_11, dagster_instance, filings_per_batch

NEW = "011"

Moment = Callable[[Path], bool]


def first_raw_file(data_dir: Path) -> bool:
    return any((data_dir / "raw" / NEW).glob("*"))


def first_validated_file(data_dir: Path) -> bool:
    return any((data_dir / "validated" / NEW).rglob("*.*"))


def warehouse_half_built(data_dir: Path) -> bool:
    return not (data_dir / "dbt" / "last_build.json").exists()


def release_half_written(data_dir: Path) -> bool:
    return any((data_dir / "published").glob(".unfinished-*"))


# Each life is one data directory: killed at the first moment, then, on its way on, at the second.
LIVES = ((first_raw_file, warehouse_half_built), (first_validated_file, release_half_written))


@dataclass(frozen=True)
class Killed:
    """A data directory after its kills, and what readers had right after each."""

    data_dir: Path
    were_in_time: list[bool]
    filings_per_batch: list[dict[int, int]]
    log: str


@pytest.fixture(scope="module")
def killed(ten_batches, tmp_path_factory) -> list[Killed]:
    """Refreshes that were to add the eleventh batch; the lives go on side by side."""

    def live_through(moments: Sequence[Moment]) -> Killed:
        data_dir = ten_batches(tmp_path_factory.mktemp(moments[0].__name__))
        log = data_dir.with_suffix(".log")
        were_in_time, seen = [], []
        for moment in moments:
            were_in_time.append(_killed_in_time(data_dir, moment, log))
            seen.append(filings_per_batch(data_dir))
        return Killed(data_dir, were_in_time, seen, log.read_text())

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(live_through, LIVES))


@pytest.mark.parametrize("life", range(len(LIVES)))
def test_a_killed_refresh_leaves_the_release_whole_and_the_next_one_completes(killed, life):
    data_dir = killed[life].data_dir
    assert killed[life].were_in_time == [True, True], killed[life].log
    assert killed[life].filings_per_batch == [PER_BATCH, PER_BATCH]

    finished = run_command(data_dir, "refresh")

    assert finished.status == 0, finished.err
    assert filings_per_batch(data_dir) == PER_BATCH_11
    assert not list((data_dir / "published").glob(".unfinished-*"))
    with dagster_instance(data_dir) as instance:
        ended = [run.status.value for run in instance.get_runs()]
    assert ended == ["SUCCESS", "FAILURE", "FAILURE", "SUCCESS"]


def _killed_in_time(data_dir: Path, moment: Moment, log: Path) -> bool:
    """Kill a refresh once its moment has come; whether it was still running then."""
    assert not moment(data_dir)
    with start_process(REFRESH, log, environment(data_dir)) as refreshing:
        wait_until(lambda: moment(data_dir) or refreshing.poll() is not None, 60, pause=0.003)
        is_running = refreshing.poll() is None
        kill(refreshing)
    return is_running
