"""A PostgreSQL server for tests, on a free port of 127.0.0.1 and in a temporary folder.

A test that takes the fixture `postgres` gets a new, empty database on a server that all tests of
the session share. `postgres_server` starts a server that one test has for itself.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

# Debian keeps the programs of the server away from the search path.
_DEBIAN = "/usr/lib/postgresql"
USER, PASSWORD = "owner", "pass:word/of the@owner"
_READY_SECONDS, _PAUSE_SECONDS = 60, 0.05
# Nothing here survives the test, so nothing waits for a disk.
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "50",
}


@dataclass
class PostgresServer:
    """A server with a superuser; `process` is None while it is stopped."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), "-D", self.folder / "data", f"-p{self.port}", *options],
                stdout=log,
                stderr=log,
                **_unprivileged(self.folder),
            )
        deadline = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(_PAUSE_SECONDS)

    def kill(self) -> None:
        """End the server at once, without closing its connections (SIGQUIT)."""
        if self.process:
            self.process.send_signal(3)
            self.process.wait()
            self.process = None

    def dsn(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """The keywords and values that connect to a database."""
        return (
            f"host=127.0.0.1 port={self.port} dbname={database} user={USER} password='{password}'"
        )

    def make_database(self) -> "PostgresDatabase":
        """Create an empty database with a new name."""
        made = PostgresDatabase(self, f"test_{uuid4().hex[:12]}")
        with _connect(self.dsn()) as connection:
            connection.execute(f"create database {made.name}")
        return made

    def _is_ready(self) -> bool:
        command = [_program("pg_isready"), "-q", "-h127.0.0.1", f"-p{self.port}"]
        return subprocess.run(command, check=False).returncode == 0


@dataclass(frozen=True)
class PostgresDatabase:
    """An empty database; `host`, `port`, `user` and `password` are those of its server."""

    server: PostgresServer
    name: str
    host: str = "127.0.0.1"
    user: str = USER
    password: str = PASSWORD

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def dsn(self) -> str:
        """The keywords and values that connect to it."""
        return self.server.dsn(self.name)

    def connect(self) -> Any:
        """A psycopg connection that commits each statement."""
        return _connect(self.dsn)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement on a connection of its own; its rows, if it has any."""
        with self.connect() as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server, and end it after the block. Skips the test where there is no PostgreSQL."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: run `make extras`")
    if _folder_of_programs() is None:
        pytest.skip("no PostgreSQL on this machine: install the package postgresql to run this")
    # The folders of pytest are closed to other users than its own.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = PostgresServer(folder, _free_port())
    try:
        _make_cluster(folder)
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[PostgresServer]:
    """One server for all tests of the session; tests only use databases of their own."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres(shared_postgres: PostgresServer) -> PostgresDatabase:
    """A new, empty database."""
    return shared_postgres.make_database()


def _make_cluster(folder: Path) -> None:
    password = folder / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        for path in (folder, password):
            shutil.chown(path, _account())
    subprocess.run(
        [
            _program("initdb"), "--pgdata", folder / "data", "--username", USER,
            "--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync",
        ],
        check=True,
        capture_output=True,
        **_unprivileged(folder),
    )  # fmt: skip


def _unprivileged(folder: Path) -> dict[str, Any]:
    """How to start a program of the server, which refuses to run as root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    return {"cwd": folder, "user": _account(), "extra_groups": []}


def _account() -> str:
    import pwd

    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def _program(name: str) -> Path:
    folder = _folder_of_programs()
    assert folder
    return folder / name


def _folder_of_programs() -> Path | None:
    """The folder with the programs of the newest PostgreSQL, or None without one."""
    versions = Path(_DEBIAN).glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _connect(dsn: str) -> Any:
    import psycopg

    return psycopg.connect(dsn, autocommit=True)
