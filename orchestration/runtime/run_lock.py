"""The run lock: one run at a time per data directory, started by the UI, the daemon or the CLI.

It is a lock of the operating system (flock), which is released when its process ends. A killed run
therefore never blocks the next one, and if the lock is free, no run is alive.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.runtime.progress import WAITING, ProgressEvent, emit
from scrapers.errors import FilingsError

LOCK_NAME = ".run.lock"
PATIENCE_SECONDS = 600.0
HANDOVER_SECONDS = 2.0
_POLL_SECONDS = 0.2

# The data directories whose lock this process holds.
_held: set[Path] = set()


class RunUnderWayError(FilingsError):
    """Another run holds the run lock of the data directory."""


@contextmanager
def run_lock(data_dir: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock of a data directory, waiting up to `patience_seconds` for another run to end.

    Raises RunUnderWayError if the other run has not ended by then.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience_seconds
    handle = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        waiting = False
        while not _try_lock(handle):
            if not waiting and patience_seconds:
                emit(ProgressEvent(WAITING, "another run is under way: waiting for it to end"))
                waiting = True
            if time.monotonic() >= deadline:
                raise RunUnderWayError(
                    f"another run is under way in {data_dir}",
                    remedy="Wait until it ends, or look at it in the Dagster UI",
                )
            time.sleep(_POLL_SECONDS)
        _held.add(data_dir)
        try:
            yield
        finally:
            _held.discard(data_dir)
    finally:
        os.close(handle)


def is_held_here(data_dir: Path) -> bool:
    """Whether this process holds the lock."""
    return data_dir in _held


def is_run_alive(data_dir: Path, watch_seconds: float = HANDOVER_SECONDS) -> bool:
    """Whether any process holds the lock at any moment within `watch_seconds`.

    A single attempt is not enough: a run is marked as started shortly before it takes the lock, and
    a run that waits for the lock only polls it.
    """
    deadline = time.monotonic() + watch_seconds
    while True:
        if _is_locked(data_dir / LOCK_NAME):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)


def _is_locked(path: Path) -> bool:
    """Whether a process holds the lock. Also works in a folder that cannot be written."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
