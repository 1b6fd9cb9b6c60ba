"""`filings ui` as a process: it serves, with daemon and sensor, and ends without a trace."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import PATIENCE_SECONDS, environment, wait_until

UI = [sys.executable, "-m", "orchestration.cli", "ui", "--port"]
HEALTH = "{ instance { daemonHealth { allDaemonStatuses { healthy required } } } }"
REPOSITORY = '{repositoryLocationName: "filings", repositoryName: "__repository__"}'
INSTIGATORS = f"""{{
    sensorsOrError(repositorySelector: {REPOSITORY}) {{
        ... on Sensors {{ results {{ name sensorState {{ status }} }} }}
    }}
    schedulesOrError(repositorySelector: {REPOSITORY}) {{
        ... on Schedules {{ results {{ scheduleState {{ status }} }} }}
    }}
}}"""
MUTATION = 'mutation { setConcurrencyLimit(concurrencyKey: "key", limit: 1) }'


@dataclass(frozen=True)
class Ui:
    """The process and the port that it serves on."""

    process: subprocess.Popen[str]
    port: int

    def listens(self) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, query: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/graphql"
        return requests.post(url, json={"query": query}, timeout=PATIENCE_SECONDS).json()["data"]

    def is_healthy(self) -> bool:
        """Whether every daemon that is needed has reported lately."""
        daemons = self.ask(HEALTH)["instance"]["daemonHealth"]["allDaemonStatuses"]
        return all(daemon["healthy"] for daemon in daemons if daemon["required"])


@pytest.fixture
def ui(tmp_path: Path) -> Iterator[Ui]:
    """The UI over a data directory in which there is nothing yet."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    started = subprocess.Popen(
        [*UI, str(port)],
        cwd=PROJECT_ROOT,
        env=environment(tmp_path / "data", FILINGS_REPLICA_BATCHES="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield Ui(started, port)
    started.kill()
    started.communicate()


def test_the_ui_serves_behind_its_guard_and_leaves_nothing_running(ui):
    assert wait_until(ui.listens, PATIENCE_SECONDS, pause=0.1)
    assert wait_until(ui.is_healthy, PATIENCE_SECONDS)

    found = ui.ask(INSTIGATORS)
    running = {"status": "RUNNING"}
    assert found["sensorsOrError"]["results"] == [{"name": "new_documents", "sensorState": running}]
    assert [each["scheduleState"] for each in found["schedulesOrError"]["results"]] == [running] * 2

    url = f"http://127.0.0.1:{ui.port}/graphql"
    assert requests.get(url, {"query": MUTATION}, timeout=PATIENCE_SECONDS).status_code == 403

    ui.process.terminate()
    # Every process of the UI writes there, so the end of the output is the end of all of them.
    output, _ = ui.process.communicate(timeout=PATIENCE_SECONDS)
    assert ui.process.returncode == 0, output
    assert not ui.listens()
