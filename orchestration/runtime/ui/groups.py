"""Process groups, and the processes in them whose parents have ended."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.05


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent ends, so that they can be waited for.

    Only Linux can do this. Elsewhere, and for process 1 of a container, nothing changes.
    """
    _adopt(True)


@contextmanager
def orphans_adopted() -> Iterator[None]:
    """As `adopt_orphans`, for the block. Afterwards, an orphan must not stay unwaited for."""
    _adopt(True)
    try:
        yield
    finally:
        _adopt(False)


def _adopt(is_on: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(is_on), 0, 0, 0)


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group. Return whether any process received it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS raises PermissionError for processes that have ended but were not waited for.
        return False
    return True


def wait_while(is_alive: Callable[[], bool], deadline: float) -> None:
    """Poll until nothing is alive any more, or until the deadline of `time.monotonic`."""
    while is_alive() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def is_group_alive(group: int) -> bool:
    """Whether a process of another group is alive. Removes those of our children that have ended.

    One that has ended but was not waited for would count as alive.
    """
    with suppress(ChildProcessError):
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass
    return signal_group(group, 0)


def is_child_alive() -> bool:
    """Whether this process has any child. Removes those that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def terminate_own_group() -> None:
    """Ask all processes of the group that this process leads to end, but not this process."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    # Not SIGINT, which ends a Python program that is still starting with a stack trace.
    signal_group(os.getpid(), signal.SIGTERM)
    signal.signal(signal.SIGTERM, before)
