"""Copies of the records of one run, as further nights would add them.

    nights = Nights(home, run_id, tmp_path / "template")
    nights.add()

The copies have the events, sizes and dates of the run, under new run ids.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from dagster._core.utils import make_new_run_id


class Nights:
    """Adds runs to the SQLite files of a Dagster home."""

    def __init__(self, home: Path, run_id: str, template: Path) -> None:
        self.history, self.run_id = home / "history", run_id
        self.template = Path(shutil.copytree(self.history, template))

    def add(self) -> str:
        """Add a copy of the run, and return its id."""
        new = make_new_run_id()
        shard = Path("runs") / f"{self.run_id}.db"
        copy = Path(shutil.copyfile(self.template / shard, self.history / "runs" / f"{new}.db"))
        with closing(sqlite3.connect(copy)) as database, database:
            database.execute(
                "update event_logs set run_id = ?1, event = replace(event, run_id, ?1)", (new,)
            )
        self._copy_rows("runs.db", new, "runs", "run_tags")
        self._copy_rows("runs/index.db", new, "event_logs", "asset_check_executions")
        return new

    def _copy_rows(self, name: str, new: str, *tables: str) -> None:
        with closing(sqlite3.connect(self.history / name)) as database, database:
            database.execute("pragma synchronous = off")
            database.execute(f"attach '{self.template / name}' as template")
            for table in tables:
                info = database.execute(f"pragma table_info({table})").fetchall()
                columns = [column for _, column, *_ in info if column != "id"]
                values = [
                    f"replace({column}, :old, :new)"
                    if column in {"run_id", "event", "run_body", "evaluation_event"}
                    else column
                    for column in columns
                ]
                (last,) = database.execute(f"select max(id) from {table}").fetchone()
                database.execute(
                    f"insert into {table} (id, {', '.join(columns)}) "
                    f"select id + :last, {', '.join(values)} from template.{table} "
                    "where run_id = :old",
                    {"old": self.run_id, "new": new, "last": last},
                )
                if table == "event_logs":
                    database.execute(
                        "insert into asset_event_tags (event_id, asset_key, key, value, "
                        "event_timestamp) select event_id + :last, asset_key, key, value, "
                        "event_timestamp from template.asset_event_tags where event_id in "
                        "(select id from template.event_logs where run_id = :old)",
                        {"old": self.run_id, "last": last},
                    )
