"""Runs `filings` commands for a test, in a separate process or in this one.

Each command gets a data directory and none of the caller's FILINGS_* and DAGSTER_* variables.
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
from tests.support.loopback import LoopbackSites

REFRESH = [sys.executable, "-m", "orchestration.cli", "refresh"]
# Long, because the machine may be busy.
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class CommandResult:
    """The exit status of a command, and its standard output and error."""

    status: int
    out: str
    err: str


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The caller's environment without the project's variables, plus these settings."""
    kept = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return {**kept, "FILINGS_DATA_DIR": str(data_dir), "COLUMNS": "1000", **settings}


def live(sites: LoopbackSites) -> dict[str, str]:
    """The settings for live mode over the loopback sites."""
    return {
        "FILINGS_SOURCE": "live",
        "FILINGS_CAC_URL": sites.cac_url,
        "FILINGS_BEIAN_URL": sites.beian_url,
        "FILINGS_REQUESTS_PER_SECOND": "0",
    }


def refresh(data_dir: Path, *arguments: str, **settings: str) -> CommandResult:
    """Run `filings refresh` in a separate process."""
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
    """Run a `filings` command in this process, which saves the seconds that imports take."""
    from orchestration.cli.console import console, error_console
    from orchestration.cli.main import main

    wanted = environment(data_dir, **settings)
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_is_ours, [*os.environ, "DAGSTER_HOME"]):
            # Set before deleting, so that a value that the command sets is undone as well.
            patch.setenv(name, "")
            patch.delenv(name)
        for name in (name for name in wanted if _is_ours(name) or name == "COLUMNS"):
            patch.setenv(name, wanted[name])
        # A console reads its width from the environment only when it is created.
        for terminal in (console, error_console):
            patch.setattr(terminal, "width", int(wanted["COLUMNS"]))
        result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    return CommandResult(result.exit_code, result.stdout, result.stderr)


@contextmanager
def without_documents() -> Iterator[None]:
    """Publish releases without report, workbook, feed and dictionary, which take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.defs.assets.release.DOCUMENTS", ())
        yield


@contextmanager
def start_process(
    arguments: list[str], log: Path, env: Mapping[str, str]
) -> Iterator[subprocess.Popen]:
    """Start a process in its own process group, and kill the group after the block."""
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
    """Kill a process and its group with SIGKILL, as a power cut would."""
    try:
        os.killpg(started.pid, 9)
    except ProcessLookupError:
        return
    finally:
        started.wait()


def wait_until(true: Callable[[], bool], seconds: float, pause: float = 0.5) -> bool:
    """Poll until `true` holds, and return whether it did within `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def processes_of(data_dir: Path) -> list[int]:
    """The living processes that were started for this data directory (on Linux)."""
    setting = f"FILINGS_DATA_DIR={data_dir}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if setting in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended, or belongs to another user
    return found


def _is_ours(name: str) -> bool:
    return name.startswith(("FILINGS_", "DAGSTER_"))
