"""`filings ui` as a process: webserver, guard, daemon and sensor, until SIGTERM ends all of them.

The data directory has one published batch and all lists of the other registers. While the daemon
runs, the source announces a second batch and adds a list to each page.
"""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from dagster import DagsterRun, DagsterRunStatus

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import record_source
from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from tests.end_to_end.commands import PATIENCE_SECONDS, environment, live, processes_of, wait_until
from tests.end_to_end.releases import dagster_instance, filings_per_batch, query
from tests.support.loopback import LoopbackSites
from tests.support.registers import with_new_lists

UI = [sys.executable, "-m", "orchestration.cli", "ui", "--port"]
HEALTH = "{ instance { daemonHealth { allDaemonStatuses { healthy required } } } }"
REPOSITORY = '{repositoryLocationName: "filings", repositoryName: "__repository__"}'
INSTIGATORS = f"""{{
    sensorsOrError(repositorySelector: {REPOSITORY}) {{
        ... on Sensors {{ results {{ name sensorState {{ status ticks {{ status }} }} }} }}
    }}
    schedulesOrError(repositorySelector: {REPOSITORY}) {{
        ... on Schedules {{ results {{ scheduleState {{ status }} }} }}
    }}
}}"""
MUTATION = 'mutation { setConcurrencyLimit(concurrencyKey: "key", limit: 1) }'


@dataclass(frozen=True)
class Ui:
    """The process of `filings ui`, its port, its data directory and its whole output."""

    process: subprocess.Popen[str]
    port: int
    data_dir: Path
    output: "Future[str]"

    def listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def query(self, query: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/graphql"
        return requests.post(url, json={"query": query}, timeout=PATIENCE_SECONDS).json()["data"]

    def is_healthy(self) -> bool:
        """Whether every required daemon has sent a heartbeat recently."""
        daemons = self.query(HEALTH)["instance"]["daemonHealth"]["allDaemonStatuses"]
        return all(daemon["healthy"] for daemon in daemons if daemon["required"])

    def sensor(self) -> Any:
        sensors = self.query(INSTIGATORS)["sensorsOrError"]["results"]
        (sensor,) = [each for each in sensors if each["name"] == "new_documents"]
        return sensor

    def ticks(self) -> list[str]:
        """The status of each tick of the sensor, latest first."""
        return [tick["status"] for tick in self.sensor()["sensorState"]["ticks"]]

    def waits_for_ticks(self, count: int) -> bool:
        """Wait until this many more ticks have begun."""
        before = len(self.ticks())
        return wait_until(lambda: len(self.ticks()) >= before + count, PATIENCE_SECONDS)

    def is_between_ticks(self) -> bool:
        """Whether no tick of the sensor is under way."""
        return "STARTED" not in self.ticks()

    def sensor_runs(self) -> list[DagsterRun]:
        """The runs that the sensor has requested."""
        with dagster_instance(self.data_dir) as instance:
            runs = instance.get_runs()
        return [run for run in runs if "dagster/sensor_name" in run.tags]

    def has_succeeded(self) -> bool:
        """Whether the sensor has requested one run, which succeeded."""
        return [run.status for run in self.sensor_runs()] == [DagsterRunStatus.SUCCESS]


@pytest.fixture
def sites() -> Iterator[LoopbackSites]:
    with LoopbackSites(load_register().first(1)) as sites:
        yield sites


@pytest.fixture
def ui(
    copy_one_batch: Callable[[Path], Path], tmp_path: Path, sites: LoopbackSites
) -> Iterator[Ui]:
    data_dir = copy_one_batch(tmp_path)
    # As with `filings refresh --force`: the copy comes from the replica, these runs do not.
    record_source(DataDir(data_dir), "live")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [*UI, str(port)],
        cwd=PROJECT_ROOT,
        env=environment(data_dir, FILINGS_POLL_SECONDS="2", **live(sites)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    # Read all the time: a full pipe would block the processes.
    with ThreadPoolExecutor(1) as pool:
        yield Ui(process, port, data_dir, pool.submit(process.stdout.read))
        process.kill()
        process.wait()


def test_ui_serves_runs_the_sensor_and_ends_every_process(ui: Ui, sites: LoopbackSites):
    assert wait_until(ui.listens, PATIENCE_SECONDS, pause=0.1)
    assert wait_until(ui.is_healthy, PATIENCE_SECONDS)
    assert ui.sensor()["name"] == "new_documents"
    assert ui.sensor()["sensorState"]["status"] == "RUNNING"
    schedules = ui.query(INSTIGATORS)["schedulesOrError"]["results"]
    assert [each["scheduleState"] for each in schedules] == [{"status": "RUNNING"}] * 3

    url = f"http://127.0.0.1:{ui.port}/graphql"
    answer = requests.get(url, {"query": MUTATION}, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 403

    assert ui.waits_for_ticks(1)
    assert ui.sensor_runs() == [], "the sensor requested documents that are published"
    # A tick under way would see the new lists of some registers only, and request a run for these.
    assert wait_until(ui.is_between_ticks, PATIENCE_SECONDS, pause=0.02)
    sites.register = with_new_lists(load_register().first(2), "2026-10", rows=4)
    assert wait_until(ui.has_succeeded, PATIENCE_SECONDS), ui.sensor_runs()
    (run,) = ui.sensor_runs()
    assert {name: value for name, value in run.tags.items() if name.startswith("filings/")} == {
        "filings/deep_synthesis": "002",
        "filings/recommendation": "2026-10",
        "filings/generative_services": "2026-10",
        "filings/documents": "batch 002, recommendation list 2026-10, services list 2026-10",
    }
    assert filings_per_batch(ui.data_dir) == {1: 41, 2: 110}
    assert query(
        ui.data_dir,
        "select register, count(*) from registrations where listed_month = '2026-10' "
        "group by 1 order by 1",
    ) == [("generative_services", 4), ("recommendation", 4)]
    # Two more ticks, of which at least one began after the run had ended.
    assert ui.waits_for_ticks(2)
    assert ui.has_succeeded(), "the sensor requested the same documents again"
    assert "FAILURE" not in ui.ticks()

    ui.process.terminate()
    output = ui.output.result(timeout=PATIENCE_SECONDS)
    assert ui.process.wait(PATIENCE_SECONDS) == 0, output
    assert not ui.listens()
    assert wait_until(lambda: processes_of(ui.data_dir) == [], 5, pause=0.1)
    for words in (f"http://127.0.0.1:{ui.port}", "started: batch 002, ", "succeeded after"):
        assert sum(words in line for line in output.splitlines()) == 1, output
    assert "DEBUG" not in output
