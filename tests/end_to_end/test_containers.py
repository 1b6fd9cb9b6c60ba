"""The services of the compose file as processes, with Dagster's records in PostgreSQL.

The sensor finds a new batch, and its run passes all of them. test_serving.py runs the health checks
of code server and daemon, which take long because they import Dagster.
"""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    environment,
    run_command,
    start_process,
    wait_until,
)
from tests.end_to_end.releases import filings_per_batch
from tests.support.compose import OnThisMachine
from tests.support.postgres import PostgresDatabase, postgres, shared_postgres

__all__ = ["postgres", "shared_postgres"]

GRACE_SECONDS = 60
# Python runs a file of this name when it starts: Dagster then asks again without a pause.
SITECUSTOMIZE = """
import dagster_postgres.utils
dagster_postgres.utils.calculate_delay = lambda **_: 0
"""


@dataclass
class Containers:
    """The services with their environment, and the processes that were started."""

    places: OnThisMachine
    env: dict[str, str]
    stack: ExitStack
    folder: Path

    def start(self, service: str) -> subprocess.Popen:
        """Start a service."""
        log = self.folder / f"{service}.log"
        return self.stack.enter_context(start_process(self.places.command(service), log, self.env))

    def wait_for(self, service: str, is_up: Callable[[], bool]) -> None:
        """Wait until a service is up."""
        log = self.folder / f"{service}.log"
        assert wait_until(is_up, PATIENCE_SECONDS, pause=0.1), log.read_text()

    def is_healthy(self, service: str) -> bool:
        """Whether the health check of a service passes."""
        check = self.places.health_check(service)
        done = subprocess.run(
            check, cwd=PROJECT_ROOT, env=self.env, capture_output=True, check=False
        )
        return done.returncode == 0


def address(database: PostgresDatabase) -> str:
    place = f"{database.host}:{database.port}/{database.name}"
    return f"postgresql+psycopg2://{database.user}:{quote(database.password, safe='')}@{place}"


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def settings(postgres: PostgresDatabase) -> dict[str, str]:
    pytest.importorskip("dagster_postgres", reason="the extra postgres is missing: `make extras`")
    return {"FILINGS_REPLICA_BATCHES": "1", "FILINGS_DAGSTER_POSTGRES": address(postgres)}


@pytest.fixture
def data_dir(copy_one_batch: Callable[[Path], Path], tmp_path: Path, settings) -> Path:
    copied = copy_one_batch(tmp_path)
    # The records of the copy stay behind in SQLite files, as those of an operator who changes over.
    prepared = run_command(copied, "init", "--postgres", **settings)
    assert prepared.status == 0, prepared.err
    return copied


@pytest.fixture
def containers(data_dir: Path, tmp_path: Path, settings) -> Iterator[Containers]:
    places = OnThisMachine(tmp_path, free_port(), free_port())
    # A second batch is announced since.
    news = {"FILINGS_REPLICA_BATCHES": "2", "FILINGS_POLL_SECONDS": "2"}
    home = {"DAGSTER_HOME": str(data_dir / "dagster")}
    env = environment(data_dir, **settings | news | home)
    with ExitStack() as stack:
        yield Containers(places, env, stack, tmp_path)


def test_sensor_finds_a_batch_and_three_processes_publish_it_with_records_in_postgres(
    containers: Containers, data_dir: Path, postgres, settings
):
    code = containers.start("code")
    containers.wait_for("code", lambda: listens(containers.places.grpc_port))
    daemon, webserver = containers.start("daemon"), containers.start("webserver")
    containers.wait_for("webserver", lambda: containers.is_healthy("webserver"))

    # The sensor requested the run, the daemon took it, and the code server executed it.
    def has_succeeded() -> bool:
        return postgres.query("select status from runs") == [("SUCCESS",)]

    assert wait_until(has_succeeded, PATIENCE_SECONDS), postgres.query("select * from runs")
    tags = dict(postgres.query("select key, value from run_tags"))
    assert tags["dagster/sensor_name"] == "new_documents"
    assert tags["filings/deep_synthesis"] == "002"
    assert str(containers.places.grpc_port) in tags[".dagster/grpc_info"]
    assert list(filings_per_batch(data_dir)) == [1, 2]

    for process in (daemon, webserver, code):
        process.terminate()
    assert [process.wait(GRACE_SECONDS) for process in (daemon, webserver)] == [0, 0]
    code.wait(GRACE_SECONDS)
    assert run_command(data_dir, "status", **settings).status == 0


def test_daemon_whose_postgres_is_down_ends_with_a_message(tmp_path: Path):
    pytest.importorskip("dagster_postgres", reason="the extra postgres is missing: `make extras`")
    data_dir, secret = tmp_path / "data", "s3cret"
    place = f"127.0.0.1:{free_port()}/dagster"
    settings = {"FILINGS_DAGSTER_POSTGRES": f"postgresql+psycopg2://dagster:{secret}@{place}"}
    assert run_command(data_dir, "init", "--postgres", **settings).status == 0
    (tmp_path / "sitecustomize.py").write_text(SITECUSTOMIZE)
    settings["PYTHONPATH"] = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        OnThisMachine(tmp_path, free_port(), free_port()).command("daemon"),
        cwd=PROJECT_ROOT,
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 1 and "Check that the PostgreSQL server runs" in printed
    assert "Traceback" not in printed and secret not in printed
