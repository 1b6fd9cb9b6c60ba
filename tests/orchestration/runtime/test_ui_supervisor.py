"""All processes of the UI end with it, whatever they do.

Each test supervises a small program instead of the server. Its children inherit the supervisor's
standard output, so the end of that output proves that all of them have ended.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from orchestration.runtime.ui.supervisor import HOST, UiError, serve_ui, supervise
from orchestration.settings import PROJECT_ROOT

PATIENCE_SECONDS = 30
SUPERVISOR = """
import signal, sys
from orchestration.runtime.ui import supervisor
# Signals may be ignored in the process that runs the tests, as in the background of a shell.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
supervisor.GRACE_SECONDS = float(sys.argv[2])
sys.exit(supervisor.supervise([sys.executable, "-c", sys.argv[1]]))
"""
# Starts a child, which stands for a run in progress, and then behaves as the server.
SERVER = """
import os, signal, subprocess, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
child = "import os, signal; {child}; os.kill(os.getppid(), signal.SIGUSR1); signal.pause()"
subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.DEVNULL)
signal.sigwait([signal.SIGUSR1])
print(os.getpid(), flush=True)
{server}
"""
UNTIL_ASKED = "sys.stdin.read(); print('asked', flush=True)"
DEAF = "signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
INTERRUPTED = "signal.signal(signal.SIGINT, lambda *_: exit(print('interrupted', flush=True)))"


class Supervised:
    """A supervisor in another process. `group` is the process group of the server and its child."""

    def __init__(self, server: str, child: str, grace_seconds: float) -> None:
        program = SERVER.format(server=server, child=child)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, program, str(grace_seconds)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.group = int(self.process.stdout.readline())

    def ends_whole(self) -> tuple[int, list[str]]:
        """Wait for all processes to end. Return the exit status and the printed lines."""
        lines, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, lines.split()


@pytest.fixture
def supervised(request: pytest.FixtureRequest) -> Iterator[Supervised]:
    started = Supervised(*request.param)
    yield started
    started.process.kill()
    with suppress(ProcessLookupError):
        os.killpg(started.group, signal.SIGKILL)
    started.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("supervised", [(UNTIL_ASKED, INTERRUPTED, 20)], indirect=True)
def test_signal_closes_server_input_and_interrupts_children(supervised, number):
    supervised.process.send_signal(number)
    assert supervised.ends_whole() == (0, ["asked", "interrupted"])


@pytest.mark.parametrize("supervised", [(UNTIL_ASKED, DEAF, 0.5)], indirect=True)
def test_child_that_ignores_signals_is_killed(supervised):
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.ends_whole() == (0, ["asked"])


@pytest.mark.parametrize("supervised", [(f"{DEAF}; signal.pause()", DEAF, 0.5)], indirect=True)
def test_server_that_ignores_end_of_input_is_killed(supervised):
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.ends_whole() == (0, [])


@pytest.mark.parametrize("supervised", [("sys.exit(3)", DEAF, 0.5)], indirect=True)
def test_children_are_ended_if_the_server_exits(supervised):
    assert supervised.ends_whole() == (3, [])


@pytest.mark.parametrize("supervised", [(UNTIL_ASKED, INTERRUPTED, 20)], indirect=True)
def test_server_input_is_closed_if_the_supervisor_is_killed(supervised):
    supervised.process.kill()
    assert supervised.process.stdout.readline() == "asked\n"


def test_ignored_signals_remain_ignored():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        assert supervise([sys.executable, "-c", "exit(3)"]) == 3
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        for number, handler in zip(numbers, handlers, strict=True):
            signal.signal(number, handler)


def test_port_in_use_is_reported_with_another_port():
    with socket.create_server((HOST, 0)) as used:
        port = used.getsockname()[1]
        with pytest.raises(UiError, match=f"port {port} of .* cannot be used.*--port {port + 1}"):
            serve_ui(port)


def test_port_after_the_last_is_the_first(monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(13, "denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UiError, match="--port 1`"):
        serve_ui(65535)
