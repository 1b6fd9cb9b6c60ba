"""Starting and ending: one daemon per data directory, signals, and three separate processes.

The processes are really started, on data directories with one published batch.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    environment,
    processes_of,
    run_command,
    start_process,
    wait_until,
)

FILINGS = [sys.executable, "-m", "orchestration.cli"]
DAGSTER = [sys.executable, "-m", "dagster"]
MUTATION = 'mutation { terminateRun(runId: "none") { __typename } }'
TICKS = """{ sensorsOrError(repositorySelector: {
    repositoryLocationName: "filings", repositoryName: "__repository__"
}) { ... on Sensors { results { name sensorState { ticks { status } } } } } }"""


@dataclass(frozen=True)
class Served:
    """A started process with its log, its port and its data directory."""

    process: subprocess.Popen
    log: Path
    port: int
    data_dir: Path

    def answers(self) -> bool:
        try:
            answer = requests.get(
                f"http://127.0.0.1:{self.port}/server_info", timeout=PATIENCE_SECONDS
            )
        except requests.ConnectionError:
            return False
        return answer.status_code == 200

    def answer_to(self, query: str, **headers: str) -> Any:
        answer = requests.post(
            f"{self.address()}/graphql",
            json={"query": query},
            headers=headers,
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        return answer.json()["data"]

    def last_line(self) -> str:
        return (self.log.read_text().splitlines() or [""])[-1]

    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def code_servers(data_dir: Path) -> list[int]:
    """The living code servers of this data directory (on Linux)."""
    commands = {each: Path(f"/proc/{each}/cmdline").read_bytes() for each in processes_of(data_dir)}
    return [each for each, command in commands.items() if re.search(b"grpc|code-server", command)]


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """As in a shell that starts a command with `&`: the processes ignore SIGINT at first."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts a command on a data directory, and kills it after the test."""
    with ExitStack() as stack:

        def started(
            name: str, command: list[str], data_dir: Path, port: int = 0, **settings: str
        ) -> Served:
            log = tmp_path / f"{name}.log"
            wanted = environment(data_dir, FILINGS_REPLICA_BATCHES="1", **settings)
            process = stack.enter_context(start_process(command, log, wanted))
            return Served(process, log, port, data_dir)

        yield started
        for data_dir in tmp_path.glob("*/data"):
            for left in processes_of(data_dir):
                os.kill(left, signal.SIGKILL)


def test_two_uis_refuse_seconds_and_end_by_the_signal_although_interrupts_were_ignored(
    copy_one_batch: Callable[[Path], Path], tmp_path: Path, start: Callable[..., Served]
):
    uis = []
    with ignoring_interrupts():
        for name, options in (("one", ["--read-only"]), ("two", [])):
            data_dir, port = copy_one_batch(tmp_path / name), free_port()
            command = [*FILINGS, "ui", "--port", str(port), *options]
            uis.append(start(name, command, data_dir, port))
    one, two = uis

    for ui in uis:
        assert wait_until(lambda ui=ui: ui.address() in ui.last_line(), PATIENCE_SECONDS, 0.1), (
            ui.log.read_text()
        )
        # The address is the last line of the start, and it answers when it is printed.
        assert ui.answers()
        assert len(ui.log.read_text().splitlines()) <= 4
        for command in (["ui", "--port", str(free_port())], ["daemon"]):
            refused = run_command(ui.data_dir, *command)
            assert refused.status == 1
            assert f"already running at {ui.address()} (process {ui.process.pid})" in refused.err
    assert "read-only" in one.last_line()
    assert one.answer_to(MUTATION) == {"terminateRun": {"__typename": "UnauthorizedError"}}
    assert two.answer_to(MUTATION) == {"terminateRun": {"__typename": "RunNotFoundError"}}

    one.process.send_signal(signal.SIGTERM)
    two.process.send_signal(signal.SIGINT)
    for ui in uis:
        assert ui.process.wait(PATIENCE_SECONDS) == 0, ui.log.read_text()
        assert wait_until(partial(ends_whole, ui.data_dir), 5, 0.1), processes_of(ui.data_dir)
        assert ui.address() in ui.last_line(), "something was printed at the end"


def ends_whole(data_dir: Path) -> bool:
    return processes_of(data_dir) == []


def check(arguments: list[str], settings: Mapping[str, str]) -> subprocess.Popen:
    return subprocess.Popen(
        arguments,
        cwd=PROJECT_ROOT,
        env=dict(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_code_server_daemon_and_webserver_as_three_processes_are_healthy_and_end(
    copy_one_batch: Callable[[Path], Path], tmp_path: Path, start: Callable[..., Served]
):
    data_dir = copy_one_batch(tmp_path / "three")
    home = {"DAGSTER_HOME": str(data_dir / "dagster")}
    code_port, port = free_port(), free_port()
    workspace = tmp_path / "workspace.yaml"
    location = {"host": "127.0.0.1", "port": code_port, "location_name": "filings"}
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": location}]}))
    at = ["--host", "127.0.0.1", "--port", str(code_port)]
    module = ["--module-name", "orchestration.definitions"]
    code = start("code", [*DAGSTER, "api", "grpc", *at, *module], data_dir, **home)
    reached = [*DAGSTER, "api", "grpc-health-check", *at]
    settings = environment(data_dir, **home)
    assert wait_until(
        lambda: socket.socket().connect_ex(("127.0.0.1", code_port)) == 0, PATIENCE_SECONDS, 0.1
    )
    asked = ["--log-format", "json", "--workspace", str(workspace)]
    daemon = start("daemon", [*FILINGS, "daemon", *asked], data_dir, **home)
    named = {"FILINGS_UI_HOSTS": "filings.example.org", **home}
    web = start(
        "web", [*FILINGS, "webserver", "--port", str(port), *asked], data_dir, port, **named
    )
    assert wait_until(web.answers, PATIENCE_SECONDS, 0.1), web.log.read_text()
    through_proxy = {"Host": "filings.example.org", "Origin": "https://filings.example.org"}
    assert web.answer_to("{ version }", **through_proxy)["version"]

    def has_ticked() -> bool:
        sensors = web.answer_to(TICKS)["sensorsOrError"]["results"]
        (sensor,) = [each for each in sensors if each["name"] == "new_documents"]
        return "SKIPPED" in {tick["status"] for tick in sensor["sensorState"]["ticks"]}

    assert wait_until(has_ticked, PATIENCE_SECONDS), daemon.log.read_text()
    alive = [sys.executable, "-m", "dagster._daemon", "liveness-check"]
    checks = [check(arguments, settings) for arguments in (reached, alive)]
    assert [each.communicate(timeout=PATIENCE_SECONDS)[0] for each in checks][1] == "Daemon live\n"
    assert [each.returncode for each in checks] == [0, 0]
    for command in (["ui", "--port", str(free_port())], ["daemon"]):
        refused = run_command(data_dir, *command, **home)
        assert (refused.status, refused.out) == (1, "")
        assert f"already running on this data (process {daemon.process.pid})" in refused.err
    # Neither daemon nor webserver has started a code server of its own.
    assert [each for each in code_servers(data_dir) if each != code.process.pid] == []

    for served in (web, daemon, code):
        served.process.send_signal(signal.SIGTERM)
    for served in (web, daemon, code):
        assert served.process.wait(PATIENCE_SECONDS) == 0, served.log.read_text()
    assert wait_until(partial(ends_whole, data_dir), 5, 0.1), processes_of(data_dir)
