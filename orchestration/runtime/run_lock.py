"""One run at a time on a data directory, whoever started it: the UI, the daemon or the CLI.

The lock is the operating system's (flock): it goes when its process goes, so a run that was
killed never blocks the next, and a lock that can be had proves that no run is alive.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.runtime.progress import ProgressEvent, emit
from scrapers.errors import FilingsError

LOCK_NAME = ".run.lock"
PATIENCE_SECONDS = 600.0
HANDOVER_SECONDS = 2.0
_POLL_SECONDS = 0.2


class RunUnderWayError(FilingsError):
    """Another run holds the data directory."""


@contextmanager
def run_lock(data_dir: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the data directory; wait up to `patience_seconds` for a run that is under way.

    Raises RunUnderWayError when the patience ends.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience_seconds
    handle = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        waiting = False
        while not _try_lock(handle):
            if not waiting and patience_seconds:
                emit(ProgressEvent("waiting", "another run is under way: waiting for it to end"))
                waiting = True
            if time.monotonic() >= deadline:
                raise RunUnderWayError(
                    f"another run is under way in {data_dir}",
                    remedy="Wait for it to end, or look at it in the Dagster UI",
                )
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def is_run_alive(data_dir: Path, watch_seconds: float = HANDOVER_SECONDS) -> bool:
    """Whether some process holds the data directory at any moment of the watch.

    A run counts as started a moment before it has the lock, and one that waits for it looks only
    now and then: hence a watch, not a glance.
    """
    deadline = time.monotonic() + watch_seconds
    while True:
        try:
            with run_lock(data_dir, patience_seconds=0):
                pass
        except RunUnderWayError:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
