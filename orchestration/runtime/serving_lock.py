"""The serving lock: one daemon per data directory, and per Dagster home.

Two daemons on the same records would evaluate the sensor twice and start each run twice. As with
the run lock, the operating system releases the lock (flock) when all processes that hold its
descriptor have ended, however they end. The file says who holds it.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from scrapers.errors import FilingsError

LOCK_NAME = ".serving.lock"
# The holder writes who it is immediately after it took the lock.
_READ_ATTEMPTS = 20
_PAUSE_SECONDS = 0.05
_MAX_BYTES = 2_000


class AlreadyRunningError(FilingsError):
    """Another daemon, or a UI with its daemon, runs on the same data."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: process number, computer, and the address of the UI if it has one."""

    process: int
    computer: str
    address: str | None = None

    def error(self) -> AlreadyRunningError:
        """The refusal for a second one, with what to do."""
        is_here = self.computer == socket.gethostname()
        process = f"process {self.process}" + ("" if is_here else f" on {self.computer}")
        end = f"end it first with `kill {self.process}`" if is_here else "end it there first"
        if self.address:
            return AlreadyRunningError(
                f"already running at {self.address} ({process})",
                remedy=f"Open that address, or {end}",
            )
        return AlreadyRunningError(
            f"a daemon is already running on this data ({process})",
            remedy=f"Add the UI to it with `filings webserver`, or {end}",
        )


@contextmanager
def serving_lock(folders: Sequence[Path], address: str | None = None) -> Iterator[list[int]]:
    """Hold the lock of each folder. Yields the descriptors, for processes that must hold it too.

    Raises AlreadyRunningError if another process holds the lock of one of them.
    """
    holder = Holder(os.getpid(), socket.gethostname(), address)
    with ExitStack() as stack:
        yield [
            stack.enter_context(_locked(folder / LOCK_NAME, holder))
            for folder in dict.fromkeys(folders)
        ]


@contextmanager
def _locked(file: Path, holder: Holder) -> Iterator[int]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _other_holder(handle) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(asdict(holder)).encode(), 0)
        yield handle
    finally:
        # Without LOCK_UN: the lock belongs to the server and the daemon as well, until they end.
        os.close(handle)


def _other_holder(handle: int) -> AlreadyRunningError:
    for _ in range(_READ_ATTEMPTS):
        try:
            return Holder(**json.loads(os.pread(handle, _MAX_BYTES, 0))).error()
        except (ValueError, TypeError):
            time.sleep(_PAUSE_SECONDS)
    return AlreadyRunningError(
        "another process already runs on this data", remedy="End that process first"
    )
