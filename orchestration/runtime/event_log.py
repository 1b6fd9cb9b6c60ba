"""A Dagster event log that keeps its database connections open.

It uses the same SQLite files as Dagster's own storage, which creates an engine and a connection for
every event that it writes or reads: a third of the time of a whole run. In a daemon the open
connections would accumulate with every run. Therefore only the command line, whose process ends
with its run, opens the instance this way.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
import yaml
from dagster._core.instance import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import QueuePool

from orchestration.runtime.disk import disk_error
from orchestration.runtime.interrupts import whole
from orchestration.runtime.records_server import open_configured
from scrapers.errors import FilingsError

BUSY_TIMEOUT_SECONDS = 30
_STORAGE_SETTINGS = {"storage", "run_storage", "event_log_storage", "schedule_storage"}
# Dagster's default locations for its records.
RECORDS = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


class DamagedRecordsError(FilingsError):
    """A file of Dagster's records cannot be read."""


class ConnectedEventLogStorage(SqliteEventLogStorage):
    """The event log in SQLite files, with one engine per file for the lifetime of the storage."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "ConnectedEventLogStorage":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            self._engines[shard] = engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                # Threads may share a connection, since `_db_lock` admits one at a time.
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sqlalchemy.event.listen(engine, "connect", _sync_at_checkpoints)
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        # Dagster asks before it stores each result of a check. No table is ever dropped.
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def store_event(self, event: dg.EventLogEntry) -> None:
        # A run that the user has stopped must not add events to its records.
        with whole():
            super().store_event(event)

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


def _sync_at_checkpoints(connection: sqlite3.Connection, _: object) -> None:
    # A power failure can lose the last events, but not damage the file, because it has a WAL.
    connection.execute("pragma synchronous = normal")


def open_instance(home: Path) -> dg.DagsterInstance:
    """Open the instance of a Dagster home, as a context manager.

    A storage that the operator configured in dagster.yaml is used as it is. Only one process at a
    time can open the instance: two that create its databases at the same time corrupt them. Raises
    DamagedRecordsError, DiskError if the disk is the cause, or RecordsServerError.
    """
    settings = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8")) or {}
    overrides = {}
    if not _STORAGE_SETTINGS & set(settings):
        default = InstanceRef.config_defaults(str(home))["event_log_storage"]
        overrides["event_log_storage"] = {
            "module": ConnectedEventLogStorage.__module__,
            "class": ConnectedEventLogStorage.__name__,
            "config": default.config_dict if default else {},
        }
    with (home / ".opening.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not overrides:
            return open_configured(home)
        for name in RECORDS:
            _refuse_damaged(home, home / name)
        try:
            return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides=overrides))
        except sqlalchemy.exc.DatabaseError as error:
            raise disk_error(error, home) or _damaged(home, home, str(error.orig)) from error


def _refuse_damaged(home: Path, path: Path) -> None:
    """Raise DamagedRecordsError for a file that is empty, truncated or not a database.

    Only the first page is read, since the files grow with every run.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("select 1 from sqlite_master").fetchone() is None:
                raise _damaged(home, path, "it is empty")
    except sqlite3.OperationalError:
        # The file is probably locked by another process.
        return
    except sqlite3.DatabaseError as error:
        raise _damaged(home, path, str(error)) from error


def _damaged(home: Path, path: Path, found: str) -> DamagedRecordsError:
    return DamagedRecordsError(
        f"{path} is damaged ({found})",
        remedy=f"Delete the folders history and schedules in {home}. They only hold Dagster's "
        "records of runs; the next run adds the partitions again",
    )
