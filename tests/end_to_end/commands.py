"""Runs commands of the pipeline for a test, in a process of their own or in this one.

Every run has a data directory of its own; nothing of the caller's environment reaches it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.releases import BATCHES
from tests.support.loopback import LoopbackSites

REFRESH = [sys.executable, "-m", "orchestration.cli", "refresh"]
# Long: a test that waits shares two cores with another, and with two daemons.
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class CommandResult:
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


def refresh(data_dir: Path, *arguments: str, **settings: str) -> CommandResult:
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
    return CommandResult(done.returncode, done.stdout, done.stderr)


def run_command(data_dir: Path, *arguments: str, **settings: str) -> CommandResult:
    """A command of `filings` in this process, which saves the seconds that imports take."""
    from orchestration.cli.console import console, error_console
    from orchestration.cli.main import main

    wanted = environment(data_dir, **settings)
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_is_ours, [*os.environ, "DAGSTER_HOME"]):
            # Set before deleting: the command sets it again, and that too must be undone.
            patch.setenv(name, "")
            patch.delenv(name)
        for name in (name for name in wanted if _is_ours(name) or name == "COLUMNS"):
            patch.setenv(name, wanted[name])
        # A console keeps the width that the environment gave when it was made.
        for terminal in (console, error_console):
            patch.setattr(terminal, "width", int(wanted["COLUMNS"]))
        result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    return CommandResult(result.exit_code, result.stdout, result.stderr)


@contextmanager
def start_process(
    arguments: list[str], log: Path, env: Mapping[str, str]
) -> Iterator[subprocess.Popen]:
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


def wait_until(true: Callable[[], bool], seconds: float, pause: float = 0.5) -> bool:
    """Whether `true` holds within so many seconds; asks again and again."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def _is_ours(name: str) -> bool:
    return name.startswith(("FILINGS_", "DAGSTER_"))
