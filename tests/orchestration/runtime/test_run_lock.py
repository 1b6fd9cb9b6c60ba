"""The run lock: one run at a time across processes, released when its process ends."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.runtime.run_lock import RunUnderWayError, is_run_alive, run_lock
from orchestration.settings import PROJECT_ROOT

HOLD = """
import sys
from pathlib import Path
from orchestration.runtime.run_lock import run_lock
with run_lock(Path(sys.argv[1]), float(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(data_dir: Path, patience: float = 0) -> Iterator[subprocess.Popen[str]]:
    """A process that takes the lock, prints "held", and keeps it until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir), str(patience)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_run_is_refused_while_another_process_holds_the_lock(tmp_path):
    with other_process(tmp_path) as holder:
        assert holder.stdout.readline() == "held\n"
        assert is_run_alive(tmp_path, 0)
        refused = pytest.raises(RunUnderWayError, match=f"under way in {tmp_path}.*Dagster UI")
        with refused, run_lock(tmp_path, patience_seconds=0):
            raise AssertionError("two runs at once")


def test_run_waits_for_another_to_end(tmp_path):
    with run_lock(tmp_path):
        context = other_process(tmp_path, patience=30)
        waiter = context.__enter__()
    try:
        assert waiter.stdout.readline() == "held\n"
    finally:
        context.__exit__(None, None, None)


def test_killed_run_releases_the_lock(tmp_path):
    with other_process(tmp_path) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()
        assert not is_run_alive(tmp_path, 0)
        with run_lock(tmp_path, patience_seconds=0):
            assert is_run_alive(tmp_path, 0)


def test_error_in_a_run_releases_the_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), run_lock(tmp_path):
        raise ZeroDivisionError
    assert not is_run_alive(tmp_path, 0)


def test_data_directories_do_not_share_a_lock(tmp_path):
    with run_lock(tmp_path / "a"), run_lock(tmp_path / "b", patience_seconds=0):
        assert is_run_alive(tmp_path / "a", 0) and is_run_alive(tmp_path / "b", 0)
