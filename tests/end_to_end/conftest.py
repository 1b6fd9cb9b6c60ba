"""What the end-to-end tests share: ten published batches to start from, and two daemons."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from orchestration.runtime.home import DAGSTER_YAML
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    CommandResult,
    environment,
    live,
    run_command,
    start_process,
    wait_until,
)
from tests.end_to_end.releases import PER_BATCH, REGISTER, published_per_batch
from tests.support.loopback import LoopbackSites, with_new_batch

DAEMON = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-w", "workspace.yaml"]


@dataclass(frozen=True)
class Watched:
    """A data directory and the log of the daemon that looks after it."""

    data_dir: Path
    log: Path


@dataclass(frozen=True)
class Grown(Watched):
    """The same over sites that grow; `ten_first` tells whether ten batches were out by then."""

    sites: LoopbackSites
    ten_first: Future[bool]


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandResult, Path]:
    """The first run of all, over ten batches, and its data directory; tests only read it."""
    return _first_run_over("10", tmp_path_factory)


@pytest.fixture(scope="session")
def whole_register(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandResult, Path]:
    """A first run over every batch that ships, and its data directory; tests only read it."""
    return _first_run_over("", tmp_path_factory)


@pytest.fixture(scope="session")
def ten_batches(first_run: tuple[CommandResult, Path]) -> Callable[[Path], Path]:
    """Copies the data directory of ten batches to below a folder, links as links."""
    finished, original = first_run
    assert finished.status == 0, finished.err

    def copy(folder: Path) -> Path:
        copied: Path = shutil.copytree(original, folder / "data", symlinks=True)
        return copied

    return copy


@pytest.fixture(scope="module")
def live_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """A daemon in live mode, which begins with nothing over a source of ten batches.

    Once those are published the source announces the eleventh, and one that nobody has seen.
    """
    data_dir = tmp_path_factory.mktemp("live") / "data"
    with (
        LoopbackSites(REGISTER.first(10)) as sites,
        _daemon(data_dir, **live(sites)) as log,
        ThreadPoolExecutor(1) as pool,
    ):

        def grow() -> bool:
            is_published = wait_until(
                lambda: published_per_batch(data_dir) == PER_BATCH, PATIENCE_SECONDS
            )
            sites.register = with_new_batch(REGISTER, 12, rows=7)
            return is_published

        yield Grown(data_dir, log, sites, pool.submit(grow))


@pytest.fixture(scope="module")
def replica_daemon(
    ten_batches: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A daemon over the replica, where ten of its eleven batches have been published."""
    data_dir = ten_batches(tmp_path_factory.mktemp("replica"))
    with _daemon(data_dir) as log:
        yield Watched(data_dir, log)


def _first_run_over(batches: str, factory: pytest.TempPathFactory) -> tuple[CommandResult, Path]:
    """A first run over so many batches, all where none are named; one for all test workers."""
    session = factory.getbasetemp()
    shared = (session.parent if "PYTEST_XDIST_WORKER" in os.environ else session) / "first runs"
    shared.mkdir(exist_ok=True)
    data_dir = shared / (batches or "all") / "data"
    record = data_dir.with_name("finished.json")
    with (shared / f"{data_dir.parent.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            data_dir.parent.mkdir()
            finished = run_command(data_dir, "refresh", FILINGS_REPLICA_BATCHES=batches)
            record.write_text(json.dumps(asdict(finished)))
    return CommandResult(**json.loads(record.read_text())), data_dir


@contextmanager
def _daemon(data_dir: Path, **settings: str) -> Iterator[Path]:
    """A running daemon on a data directory; the path of its log."""
    home = data_dir / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    log = data_dir.with_suffix(".log")
    settings |= {"DAGSTER_HOME": str(home), "FILINGS_POLL_SECONDS": "1"}
    with start_process(DAEMON, log, environment(data_dir, **settings)):
        yield log
