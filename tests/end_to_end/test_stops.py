"""Ctrl-C and SIGTERM at many moments of a refresh: one line, a whole data directory, and a record.

Two data directories with one published batch meet all of it while the second batch is announced:
one early in the run, one from the export on, where a refresh completes in the end. `make faults`
has more moments.
"""

import hashlib
import os
import pty
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.ingest.results import IngestResults, LastRun
from orchestration.inspection.verification import verify
from orchestration.publication.latest import descriptor
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import is_run_alive
from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    REFRESH,
    environment,
    refresh,
    run_command,
    wait_until,
    without_documents,
)
from tests.end_to_end.moments import AT_START, EARLY, LATE, NOTHING, STATUS, Moment
from tests.end_to_end.releases import dagster_instance, latest


@dataclass(frozen=True)
class Stop:
    """What a signal at a moment led to."""

    moment: Moment
    status: int
    out: str
    err: str
    releases: tuple[Path, Path]
    """The latest release before and after the signal."""
    is_untouched: bool
    findings: list[str]
    last_run: LastRun | None
    statuses: list[str]
    is_locked: bool


def stopped(data_dir: Path, moment: Moment) -> Stop:
    """Start a refresh that is sent a signal, and look at what it leaves."""
    before, files = latest(data_dir), hash_of(latest(data_dir))
    done = subprocess.run(
        moment.command,
        cwd=PROJECT_ROOT,
        env=environment(data_dir, FILINGS_REPLICA_BATCHES="2"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        start_new_session=True,
    )
    data = DataDir(data_dir)
    with dagster_instance(data_dir) as instance:
        statuses = [run.status.value for run in instance.get_runs()]
    return Stop(
        moment,
        done.returncode,
        done.stdout,
        done.stderr,
        (before, latest(data_dir)),
        hash_of(before) == files,
        [str(finding) for store in verify(data) for finding in store.findings],
        IngestResults(data.ingest_results).last_run(),
        statuses,
        is_run_alive(data_dir, 0),
    )


def hash_of(release: Path) -> str:
    """A hash over all files of a release."""
    digest = hashlib.sha256()
    for path in sorted(path for path in release.rglob("*") if path.is_file()):
        digest.update(path.relative_to(release).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def content(data_dir: Path) -> str:
    """The content hash of the latest release."""
    return str(descriptor(latest(data_dir))["content_sha256"])


@dataclass(frozen=True)
class Stops:
    """All stops, and the content of a release after them, and of one made again without any."""

    stops: Sequence[Stop]
    after: str
    uninterrupted: str


@pytest.fixture(scope="module")
def stops(
    copy_one_batch: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Stops:
    early, late = (copy_one_batch(tmp_path_factory.mktemp(name)) for name in ("early", "late"))

    def stop_at(data_dir: Path, moments: Sequence[Moment]) -> list[Stop]:
        return [stopped(data_dir, moment) for moment in moments]

    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(stop_at, (early, late), (EARLY, LATE))]
    done = refresh(late, FILINGS_REPLICA_BATCHES="2")
    assert done.status == 0, done.err
    return Stops([*found[0], *found[1]], content(late), content(rebuilt(late)))


def rebuilt(data_dir: Path) -> Path:
    """A copy with a release that one uninterrupted refresh makes of the same documents."""
    copied = data_dir.with_name("rebuilt")
    shutil.copytree(data_dir, copied, symlinks=True)
    for derived in ("published", "validated", "dbt"):
        shutil.rmtree(copied / derived)
    (copied / "warehouse.duckdb").unlink()
    with without_documents():
        done = run_command(copied, "refresh", FILINGS_REPLICA_BATCHES="2")
    assert done.status == 0, done.err
    return copied


def test_stop_ends_with_one_line_that_names_the_true_stage(stops: Stops):
    for stop in stops.stops:
        assert stop.status == STATUS[stop.moment.number], stop
        if not stop.moment.words:
            assert stop.err == AT_START
        elif stop.releases[0] == stop.releases[1]:
            assert stop.err == stop.moment.line, stop
        else:
            name = stop.releases[1].name
            assert stop.err == f"Stopped after publication; release {name} is complete.\n", stop
        assert "Traceback" not in stop.out + stop.err


def test_stop_leaves_all_stores_whole_and_the_lock_free(stops: Stops):
    for stop in stops.stops:
        assert stop.findings == [] and not stop.is_locked, stop
        assert stop.is_untouched, stop
        # Only a stop in the very moment of publication may come too late.
        assert stop.releases[0] == stop.releases[1] or stop.moment.item == "in place", stop


def test_stopped_run_is_recorded_as_cancelled_at_its_stage(stops: Stops):
    for stop in stops.stops:
        if stop.moment.stage not in ("import", "discovery"):
            assert stop.statuses[0] == "CANCELED", stop
        assert not {"STARTED", "STARTING", "FAILURE"} & set(stop.statuses), stop
        if not stop.moment.words:
            continue
        last = stop.last_run
        if stop.releases[0] != stop.releases[1]:
            assert last and last.is_finished, stop
        else:
            stage = "" if stop.moment.stage == "import" else stop.moment.stage
            assert last and (last.stage, last.problem) == (stage, "stopped by the user"), stop


def test_refresh_after_the_stops_makes_the_same_release_as_without(stops: Stops):
    assert stops.after == stops.uninterrupted


@pytest.fixture(scope="module")
def in_terminal(
    copy_one_batch: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, str, Path]:
    """The status and the output of a refresh in a terminal in which Ctrl-C is pressed twice."""
    data_dir = copy_one_batch(tmp_path_factory.mktemp("terminal"))
    process, terminal = pty.fork()
    if not process:
        settings = environment(data_dir, FILINGS_REPLICA_BATCHES="1", TERM="xterm", COLUMNS="60")
        os.chdir(PROJECT_ROOT)
        os.execve(REFRESH[0], REFRESH, settings)  # noqa: S606  no shell is wanted
    shown = bytearray()

    def is_shown(words: bytes) -> bool:
        shown.extend(os.read(terminal, 2**16))
        return words in shown

    assert wait_until(lambda: is_shown(b"Recommendation"), PATIENCE_SECONDS, pause=0)
    os.write(terminal, b"\x03\x03")
    while True:
        try:
            shown.extend(os.read(terminal, 2**16))
        except OSError:  # the process has closed the terminal
            break
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode(), data_dir


def test_ctrl_c_pressed_twice_in_a_terminal_gives_one_line_and_the_cursor_back(in_terminal):
    status, shown, _ = in_terminal
    assert status == 130 and "Traceback" not in shown
    assert shown.count("Stopped during ") == 1
    assert shown.endswith(f"; {NOTHING}\r\n")
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


def test_status_names_the_stage_in_which_the_user_stopped_the_run(in_terminal):
    shown = run_command(in_terminal[2], "status").out
    assert "stopped by the user during " in shown and "running" not in shown
