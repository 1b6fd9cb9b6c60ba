"""Peak memory of a process and its descendants (Linux)."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

PROC = Path("/proc")
_PAUSE_SECONDS = 0.02


@dataclass
class Used:
    """Seconds, and the peak megabytes of the largest process."""

    seconds: float = 0.0
    megabytes: float = 0.0


@contextmanager
def measured(pid: int | None = None) -> Iterator[Used]:
    """Measure a process (this one by default) and its descendants during the block.

    The peak is the kernel's (VmHWM), so short peaks between two samples count.
    """
    root = pid or os.getpid()
    if pid is None:
        # Reset the kernel's peak: earlier tests may have used more.
        (PROC / "self" / "clear_refs").write_text("5")
    used, ended = Used(), threading.Event()

    def watch() -> None:
        while True:
            used.megabytes = max([used.megabytes, *map(_peak, [root, *_descendants(root)])])
            if ended.wait(_PAUSE_SECONDS):
                return

    started = monotonic()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield used
    finally:
        used.seconds = monotonic() - started
        ended.set()
        watcher.join()


def _peak(pid: int) -> float:
    """The peak memory of a process in megabytes; 0 if it has ended."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    found = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(next(found, "0")) / 1024


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _children(pid: int) -> list[int]:
    """The child processes of a process; none if it has ended."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        found = [(thread / "children").read_text().split() for thread in threads]
    except OSError:
        return []
    return [int(child) for children in found for child in children]
