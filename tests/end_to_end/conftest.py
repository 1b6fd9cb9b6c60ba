"""Data directories that the end-to-end tests share, each built once for all test workers."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import PATIENCE_SECONDS, CommandResult, environment
from tests.support.postgres import postgres, shared_postgres

__all__ = ["postgres", "shared_postgres"]

# Refreshes, and writes the process's peak memory (VmHWM, in kilobytes) to a file. `rusage` would
# also count the memory of the process that started it.
REFRESH_WITH_PEAK_MEMORY = """
import atexit, re, sys
from pathlib import Path
from orchestration.cli.main import main

def record_peak():
    status = Path("/proc/self/status").read_text()
    Path(sys.argv[1]).write_text(re.search(r"VmHWM:\\s+([0-9]+)", status)[1])

atexit.register(record_peak)
main(["refresh"])
"""


@dataclass(frozen=True)
class FirstRun:
    """The first `filings refresh` on a data directory, as a separate process."""

    finished: CommandResult
    peak_kilobytes: int
    data_dir: Path


@pytest.fixture(scope="session")
def one_batch(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """A first run over the first batch of the replica; tests only read its data directory."""
    return _shared_first_run("1", tmp_path_factory)


@pytest.fixture(scope="session")
def whole_register(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """A first run over every batch of the replica; tests only read its data directory."""
    return _shared_first_run("", tmp_path_factory)


@pytest.fixture(scope="session")
def copy_one_batch(one_batch: FirstRun) -> Callable[[Path], Path]:
    """Copies the data directory of one batch into a folder, and returns the copy."""
    assert one_batch.finished.status == 0, one_batch.finished.err

    def copy(folder: Path) -> Path:
        # No hard links: Dagster's databases and the warehouse are written in place.
        return Path(shutil.copytree(one_batch.data_dir, folder / "data", symlinks=True))

    return copy


def _shared_first_run(batches: str, factory: pytest.TempPathFactory) -> FirstRun:
    """The first run over this number of batches (all if empty), made by one of the test workers."""
    session = factory.getbasetemp()
    shared = (session.parent if "PYTEST_XDIST_WORKER" in os.environ else session) / "first runs"
    folder = shared / (batches or "all")
    folder.mkdir(parents=True, exist_ok=True)
    data_dir, record, peak = folder / "data", folder / "finished.json", folder / "kilobytes"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            done = subprocess.run(
                [sys.executable, "-c", REFRESH_WITH_PEAK_MEMORY, str(peak)],
                cwd=PROJECT_ROOT,
                env=environment(data_dir, FILINGS_REPLICA_BATCHES=batches),
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
            finished = CommandResult(done.returncode, done.stdout, done.stderr)
            record.write_text(json.dumps(asdict(finished)))
    return FirstRun(
        CommandResult(**json.loads(record.read_text())), int(peak.read_text()), data_dir
    )
