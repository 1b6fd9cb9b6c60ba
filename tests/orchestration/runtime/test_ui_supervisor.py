"""All processes of the UI end with it, whatever they do.

Each test supervises a small program instead of the server. Its children inherit the supervisor's
standard output, so the end of that output proves that all of them have ended.
"""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from orchestration.runtime.ui.addresses import ListenError, address_of, is_loopback, listen
from orchestration.runtime.ui.supervisor import supervise
from orchestration.settings import PROJECT_ROOT

pytestmark = pytest.mark.programs

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
TERMINATED = "signal.signal(signal.SIGTERM, lambda *_: exit(print('terminated', flush=True)))"
# The server as it is, in place of Dagster: it works until it is interrupted.
SERVE = """
from orchestration.runtime.ui import process
def work():
    print("serving", flush=True)
    try:
        signal.pause()
    finally:
        print("interrupted", flush=True)
process.SETTLE_SECONDS = 5.0 if "terminated" in child else 0.2
process.serve(work)
"""
INTERRUPTED = "signal.signal(signal.SIGINT, lambda *_: exit(print('interrupted', flush=True)))"


class Supervised:
    """A supervisor in another process. `group` is the process group of the server and its child."""

    def __init__(self, server: str, child: str, grace_seconds: float) -> None:
        program = SERVER.format(server=server, child=child)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, program, str(grace_seconds)],
            cwd=PROJECT_ROOT,
            # Only messages about Dagster's records name it.
            env={**os.environ, "DAGSTER_HOME": str(PROJECT_ROOT)},
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


@pytest.mark.parametrize("supervised", [(UNTIL_ASKED, INTERRUPTED, 20)], indirect=True)
def test_children_are_ended_if_the_server_is_killed(supervised):
    os.kill(supervised.group, signal.SIGKILL)
    assert supervised.ends_whole() == (-signal.SIGKILL % 256, ["interrupted"])


@pytest.mark.parametrize("supervised", [(UNTIL_ASKED, DEAF, 20)], indirect=True)
def test_second_interrupt_does_not_wait(supervised):
    supervised.process.send_signal(signal.SIGINT)
    assert supervised.process.stdout.readline() == "asked\n"
    supervised.process.send_signal(signal.SIGINT)
    assert supervised.ends_whole() == (0, [])


@pytest.fixture
def serving(request: pytest.FixtureRequest) -> Iterator[Supervised]:
    """A supervised server that works, with a child of this kind."""
    started = Supervised(SERVE, request.param, 20)
    assert started.process.stdout and started.process.stdout.readline() == "serving\n"
    yield started
    started.process.kill()
    with suppress(ProcessLookupError):
        os.killpg(started.group, signal.SIGKILL)
    started.process.communicate()


@pytest.mark.parametrize(
    ("serving", "said"), [(DEAF, []), (TERMINATED, ["terminated"])], indirect=["serving"]
)
def test_server_ends_its_children_itself_if_the_supervisor_is_killed(serving, said):
    serving.process.kill()
    assert serving.ends_whole() == (-signal.SIGKILL, ["interrupted", *said])


@pytest.mark.parametrize("serving", [TERMINATED], indirect=True)
def test_signal_to_all_processes_at_once_ends_them_without_an_error(serving):
    serving.process.send_signal(signal.SIGTERM)
    os.killpg(serving.group, signal.SIGTERM)
    os.kill(serving.group, signal.SIGTERM)
    status, lines = serving.ends_whole()
    assert status == 0
    # Both may print, at the same time and once for each signal, but nothing else. A second signal
    # means that nothing is waited for.
    assert re.fullmatch("(?:interrupted|terminated)+", "".join(lines))


def test_interrupt_ends_it_even_if_the_caller_ignores_interrupts():
    program = SERVER.format(server=UNTIL_ASKED, child=INTERRUPTED)
    ignoring = SUPERVISOR.replace("signal.SIG_DFL", "signal.SIG_IGN")
    with subprocess.Popen(
        [sys.executable, "-c", ignoring, program, "20"],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)  # remains ignored, as with nohup
        process.send_signal(signal.SIGINT)
        lines, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, lines.split()) == (0, ["asked", "interrupted"])


def test_signal_handlers_are_as_before_afterwards():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    assert supervise([sys.executable, "-c", "exit(3)"]) == 3
    assert [signal.getsignal(number) for number in numbers] == handlers


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can adopt orphans")
def test_orphans_are_not_adopted_any_more_afterwards():
    supervise([sys.executable, "-c", "exit(3)"])
    is_on = ctypes.c_int(-1)
    ctypes.CDLL(None).prctl(37, ctypes.byref(is_on), 0, 0, 0)  # PR_GET_CHILD_SUBREAPER
    assert is_on.value == 0


def test_port_in_use_is_reported_with_another_port():
    with listen("127.0.0.1", 0, "filings ui") as used:
        port = used.getsockname()[1]
        with pytest.raises(
            ListenError,
            match=rf"port {port} of 127\.0\.0\.1 cannot be used: Address already in use\. "
            rf".*`filings ui --port {port + 1}`",
        ):
            listen("127.0.0.1", port, "filings ui")


def test_port_after_the_last_is_the_first(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(13, "denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(ListenError, match="--port 1`"):
        listen("127.0.0.1", 65535, "filings ui")


def test_unknown_host_is_reported():
    with pytest.raises(ListenError, match=r"nowhere\.invalid is not an address of this machine: "):
        listen("nowhere.invalid", 3000, "filings webserver")


@pytest.mark.parametrize("host", ["203.0.113.9", "2001:db8::9"])
def test_address_of_another_machine_is_reported_without_another_port(host):
    with pytest.raises(ListenError, match="not an address of this machine") as refused:
        listen(host, 3000, "filings webserver")
    assert "`filings webserver --host 127.0.0.1`" in str(refused.value)
    assert "port" not in str(refused.value)


def test_address_of_a_listening_socket():
    with listen("127.0.0.1", 0, "filings ui") as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.5", False),
        ("filings.example.org", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host, expected):
    assert is_loopback(host) is expected
