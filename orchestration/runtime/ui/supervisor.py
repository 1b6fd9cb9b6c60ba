"""Starts the Dagster UI, and ends all of its processes when it stops.

The UI consists of several processes, and each run is another. They share a separate process group,
so that all of them can be ended, whichever state they are in.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from orchestration.settings import PROJECT_ROOT
from scrapers.errors import FilingsError

HOST = "127.0.0.1"
# The daemon ends within a few seconds. An interrupted run needs time to record that it failed.
GRACE_SECONDS = 20.0
_POLL_SECONDS = 0.1


class UiError(FilingsError):
    """The Dagster UI cannot be served, or ended unexpectedly."""


def serve_ui(port: int) -> None:
    """Serve the Dagster UI on a port of 127.0.0.1 until SIGINT, SIGTERM or SIGHUP.

    Raises UiError if the port is not available, or if the UI ends by itself.
    """
    with _listener(port) as listener:
        command = [sys.executable, "-m", "orchestration.runtime.ui.server", str(listener.fileno())]
        status = supervise(command, pass_fds=[listener.fileno()])
    if status:
        raise UiError(
            f"the Dagster UI ended unexpectedly with status {status}",
            remedy="See the messages above, then start it again with `filings ui`",
        )


def supervise(command: Sequence[str], pass_fds: Sequence[int] = ()) -> int:
    """Run a command until it ends or a signal arrives, then end all processes it has started.

    The command should exit when its standard input is closed, which also happens if this process is
    killed. Returns its exit status, or 0 if a signal arrived.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Signals that the caller ignores, as nohup does, remain ignored.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    process = subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, pass_fds=pass_fds, process_group=0
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(process)


def _listener(port: int) -> socket.socket:
    """Reserve the port now, long before the server is ready to answer. Raises UiError."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise UiError(
            f"port {port} of {HOST} cannot be used: {os.strerror(error.errno or 0)}",
            remedy=f"Choose another port, such as `filings ui --port {port % 65535 + 1}`, "
            "or end the program that uses it",
        ) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: close its input, then interrupt the group, then kill it."""
    deadline = time.monotonic() + GRACE_SECONDS
    # A second Ctrl-C skips the waiting.
    with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        if process.stdin:
            process.stdin.close()
        process.wait(GRACE_SECONDS)
        _signal(process.pid, signal.SIGINT)
        while _signal(process.pid, 0) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group. Return whether any process received it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS raises PermissionError for processes that have ended but were not waited for.
        return False
    return True
