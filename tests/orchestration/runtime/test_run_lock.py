"""The run lock: one run at a time across processes, released when its process ends."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from orchestration.runtime.progress import subscribed
from orchestration.runtime.run_lock import RunUnderWayError, is_run_alive, run_lock
from orchestration.settings import PROJECT_ROOT

HOLD = """
import sys
from pathlib import Path
from orchestration.runtime.progress import subscribed
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


def test_run_that_takes_the_lock_during_the_watch_is_alive(tmp_path, monkeypatch):
    with ExitStack() as other_run:
        monkeypatch.setattr(time, "sleep", lambda _: other_run.enter_context(run_lock(tmp_path)))
        assert is_run_alive(tmp_path)


def test_waiting_run_gives_up_after_its_patience(tmp_path, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(waits))
    events: list[str] = []
    with run_lock(tmp_path), subscribed(lambda event: events.append(event.message)):
        with pytest.raises(RunUnderWayError), run_lock(tmp_path, patience_seconds=60):
            pass
        assert 60 <= sum(waits) < 61
        # Without patience there is no message.
        with pytest.raises(RunUnderWayError), run_lock(tmp_path, patience_seconds=0):
            pass
    assert events == ["another run is under way: waiting for it to end"]


def test_error_in_a_run_releases_the_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), run_lock(tmp_path):
        raise ZeroDivisionError
    assert not is_run_alive(tmp_path, 0)


def test_data_directories_do_not_share_a_lock(tmp_path):
    with run_lock(tmp_path / "a"), run_lock(tmp_path / "b", patience_seconds=0):
        assert is_run_alive(tmp_path / "a", 0) and is_run_alive(tmp_path / "b", 0)
