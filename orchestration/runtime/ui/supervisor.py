"""Starts the Dagster UI, and sees that nothing of it is left when it ends.

The UI consists of several processes, and a run is one more. They are in a process group of their
own, so that all of them can be ended, whatever state they are in.
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
# The daemon ends within some seconds; a run that is interrupted records that it was.
GRACE_SECONDS = 20.0
_POLL_SECONDS = 0.1


class UiError(FilingsError):
    """The Dagster UI cannot be served, or has ended by itself."""


def serve_ui(port: int) -> None:
    """Serve the Dagster UI on a port of 127.0.0.1 until SIGINT, SIGTERM or SIGHUP.

    Raises UiError if the port cannot be had, or if the UI ends by itself.
    """
    with _listener(port) as listener:
        command = [sys.executable, "-m", "orchestration.runtime.ui.server", str(listener.fileno())]
        status = supervise(command, pass_fds=[listener.fileno()])
    if status:
        raise UiError(
            f"the Dagster UI has ended by itself, with status {status}",
            remedy="The lines above say why; start it again with `filings ui`",
        )


def supervise(command: Sequence[str], pass_fds: Sequence[int] = ()) -> int:
    """Run a command until it ends or a signal asks for that; then end all that it has started.

    The command is asked to end by the end of its standard input, which comes, too, if this process
    is killed. Returns its exit status, or 0 if it was asked to end.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # What a caller has set to be ignored, as nohup does, stays so.
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
    """A socket that has the port from now on, long before the server is ready to answer."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise UiError(
            f"port {port} of {HOST} cannot be used: {os.strerror(error.errno or 0)}",
            remedy=f"Choose another, such as `filings ui --port {port % 65535 + 1}`, "
            "or end the program that has it",
        ) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: by the end of its input, an interrupt, or at last by force."""
    deadline = time.monotonic() + GRACE_SECONDS
    # A second Ctrl-C means: at once.
    with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        assert process.stdin
        process.stdin.close()
        process.wait(GRACE_SECONDS)
        _signal(process.pid, signal.SIGINT)
        while _signal(process.pid, 0) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, number: int) -> bool:
    """Whether the group has a process that got the signal."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # The second is what macOS says of processes that have ended but were not waited for.
        return False
    return True
