"""Starts a server process, and ends all of its processes when it stops.

The UI consists of several processes, and each run is another. They share a separate process group,
so that all of them can be ended, whichever state they are in.
"""

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from orchestration.runtime.ui.groups import (
    is_group_alive,
    orphans_adopted,
    signal_group,
    wait_while,
)
from orchestration.settings import PROJECT_ROOT

# The daemon ends within a few seconds. An interrupted run needs time to record that it failed.
GRACE_SECONDS = 20.0
SETTLE_SECONDS = 1.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def until_signal() -> Iterator[None]:
    """End the block without an error at SIGINT, SIGTERM or SIGHUP.

    SIGINT ends it even if the caller ignores it, as a shell does for a command with `&`. SIGHUP
    remains ignored if it is, because that is what nohup is for.
    """
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in handlers.items():
        if number != signal.SIGHUP or handler != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def supervise(command: Sequence[str], pass_fds: Sequence[int] = ()) -> int:
    """Run a command until it ends or a signal arrives, then end all processes it has started.

    The command should exit when its standard input is closed, which also happens if this process is
    killed. Returns its exit status, or 0 if a signal arrived.
    """
    with orphans_adopted(), until_signal():
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, pass_fds=pass_fds, process_group=0
        )
        try:
            return process.wait()
        finally:
            _end(process)
    return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: close its input, then interrupt the group, then kill it."""
    deadline = time.monotonic() + GRACE_SECONDS
    # A second Ctrl-C skips the waiting.
    with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        if process.stdin:
            process.stdin.close()
        if process.wait(GRACE_SECONDS) == 0:
            # It has ended the others itself, and waited for what needs time.
            deadline = min(deadline, time.monotonic() + SETTLE_SECONDS)
        signal_group(process.pid, signal.SIGINT)
        wait_while(lambda: is_group_alive(process.pid), deadline)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()
