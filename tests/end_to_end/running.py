"""Running the pipeline for a test, as a process or in this one, and seeing what came of it.

Every run has a data directory of its own; nothing of the caller's environment reaches it. Eleven
batches are out, unless a test says otherwise: the whole register takes twice as long.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner

from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites

PER_BATCH = {1: 41, 2: 110, 3: 129, 4: 266, 5: 394, 6: 492, 7: 487, 8: 509, 9: 411, 10: 395}
PER_BATCH_11 = {**PER_BATCH, 11: 210}
BATCHES = 11
REGISTER = load_register().first(BATCHES)

REFRESH = [sys.executable, "-m", "orchestration.cli", "refresh"]
# Long: a test that waits shares two cores with another, and with two daemons.
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Finished:
    """How a command ended; `out` and `err` are the two streams."""

    status: int
    out: str
    err: str


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The caller's environment without the project's own variables, and with these settings."""
    kept = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    ours = {"FILINGS_DATA_DIR": str(data_dir), "FILINGS_REPLICA_BATCHES": str(BATCHES)}
    return {**kept, **ours, "COLUMNS": "1000", **settings}


def live(sites: LoopbackSites) -> dict[str, str]:
    """The settings for live mode against the loopback sites."""
    return {
        "FILINGS_SOURCE": "live",
        "FILINGS_CAC_URL": sites.cac_url,
        "FILINGS_BEIAN_URL": sites.beian_url,
        "FILINGS_REQUESTS_PER_SECOND": "0",
    }


def refresh(data_dir: Path, *arguments: str, **settings: str) -> Finished:
    """`filings refresh` in a process of its own."""
    done = subprocess.run(
        [*REFRESH, *arguments],
        cwd=PROJECT_ROOT,
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def command(data_dir: Path, *arguments: str, **settings: str) -> Finished:
    """A command of `filings` in this process, which saves the seconds that imports take."""
    from orchestration.cli import main as cli

    wanted = environment(data_dir, **settings)
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_is_ours, [*os.environ, "DAGSTER_HOME"]):
            # Set before deleting: the command sets it anew, and that too must be undone.
            patch.setenv(name, "")
            patch.delenv(name)
        for name in (name for name in wanted if _is_ours(name) or name == "COLUMNS"):
            patch.setenv(name, wanted[name])
        # A console keeps the width that the environment gave when it was made.
        for console in (cli.console, cli.errors):
            patch.setattr(console, "width", int(wanted["COLUMNS"]))
        result = CliRunner().invoke(cli.main, list(arguments), catch_exceptions=False)
    return Finished(result.exit_code, result.stdout, result.stderr)


def latest(data_dir: Path) -> Path:
    """The release that readers are given."""
    return (data_dir / "published" / "latest").resolve(strict=True)


def per_batch(data_dir: Path) -> dict[int, int]:
    """{batch_no: filings listed} as the latest release has them."""
    return dict(
        query(
            data_dir,
            "select batch_no, count(*) from filings where list_status = 'listed' group by all",
        )
    )


def published(data_dir: Path) -> dict[int, int]:
    """The same, and nothing where nothing has been published yet."""
    try:
        return per_batch(data_dir)
    except FileNotFoundError:
        return {}


def query(data_dir: Path, sql: str) -> list[tuple]:
    """Rows of a query on the latest release, read-only as an analyst would."""
    with duckdb.connect(str(latest(data_dir) / "filings.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def listing(*folders: Path) -> dict[str, tuple[int, int]]:
    """Every file below the folders with its size and time of writing (in nanoseconds)."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def section(changes: str, title: str) -> str:
    """One section of CHANGES.md, empty where there is none."""
    found = re.search(rf"^## {title} .*?(?=^## |\Z)", changes, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def numbers_in(text: str) -> set[str]:
    """All filing numbers in a text."""
    return set(re.findall(r"\b\d{21}\b", text))


@contextmanager
def recorded(data_dir: Path) -> Iterator[dg.DagsterInstance]:
    """What Dagster has recorded of the runs on a data directory."""
    with dg.DagsterInstance.from_config(str(data_dir / "dagster")) as instance:
        yield instance


@contextmanager
def process(arguments: list[str], log: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen]:
    """A process in a group of its own, of which nothing is left afterwards."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            arguments,
            cwd=PROJECT_ROOT,
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        kill(started)


def kill(started: subprocess.Popen) -> None:
    """End a process and its group at once, as a power cut would."""
    try:
        os.killpg(started.pid, 9)
    except ProcessLookupError:
        return
    finally:
        started.wait()


def until(true: Callable[[], bool], seconds: float, pause: float = 0.5) -> bool:
    """Whether `true` holds within so many seconds; asks again and again."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def _is_ours(name: str) -> bool:
    return name.startswith(("FILINGS_", "DAGSTER_"))
