"""Ctrl-C ends a command with a short message and exit status 130."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orchestration.cli.console import reports_errors
from orchestration.cli.under_way import UnderWay
from orchestration.ingest.results import FINISHED, IngestResults
from orchestration.publication.release import publish
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.interrupts import INSIST_SECONDS
from orchestration.runtime.progress import ProgressEvent
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import PROJECT_ROOT
from tests.orchestration.cli.reviews import Review
from tests.orchestration.publication.release_factories import MARTS, make_filing, write_filings

pytestmark = pytest.mark.programs

ENDLESS = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
HOLD = """
import sys
from pathlib import Path
from orchestration.runtime.run_lock import run_lock
with run_lock(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""

REVIEW = """
import sys
from pathlib import Path
from orchestration.cli import entry
from orchestration.runtime import interrupts
interrupts.watch()  # before Polars is imported, as in the program
from orchestration.cli.review import seed
seed.SEED = Path(sys.argv.pop(1))
entry.main()
"""


def make_release(folder: Path) -> str:
    return publish(
        warehouse=write_filings(folder / "warehouse.duckdb", [make_filing(1)]),
        published=folder / "published",
        marts=MARTS,
        source="replica",
    ).name


def test_interrupted_command_exits_with_status_130():
    @click.command()
    @reports_errors
    def interrupted() -> None:
        raise KeyboardInterrupt

    result = CliRunner().invoke(interrupted)
    assert (result.exit_code, result.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_query_under_way_ends_with_one_line_and_leaves_no_file(tmp_path, number, status):
    make_release(tmp_path)
    output = tmp_path / "output" / "rows.csv"
    output.parent.mkdir()
    command = [sys.executable, "-m", "orchestration.cli", "query", ENDLESS]
    with subprocess.Popen(
        [*command, "--output", str(output)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "FILINGS_DATA_DIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while process.poll() is None and not list(output.parent.iterdir()):
            time.sleep(0.02)
        os.killpg(process.pid, number)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (status, "Stopped.\n")
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_review_that_waits_for_an_answer_ends_at_once_and_keeps_what_was_read(
    review: Review, number: int, status: int
):
    arguments = [str(review.seed), "review", "--reader", "zhou", "--batch", "19"]
    # On a terminal, Python waits for a line in another way than on a pipe.
    ours, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", REVIEW, *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, "FILINGS_DATA_DIR": str(review.data_dir), "NO_COLOR": "1"},
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        os.write(ours, b"finance\n")
        shown = b""
        while shown.count(b"sector: ") < 2:
            shown += os.read(ours, 10_000)
        # The question is printed just before the program waits for the answer.
        time.sleep(0.5)
        os.killpg(process.pid, number)
        begun = time.monotonic()
        try:
            _, err = process.communicate(timeout=2 * INSIST_SECONDS)
        finally:
            process.kill()
        assert time.monotonic() - begun < INSIST_SECONDS
    shown += os.read(ours, 10_000)
    os.close(ours)
    assert (process.returncode, err) == (status, b"Stopped.\n")
    assert b"1 reading was written" in shown
    assert review.label(3).sector == "finance"


def test_line_names_the_stage_and_the_record_the_user(tmp_path):
    under_way = UnderWay(DataDir(tmp_path))
    assert under_way.line.startswith("Stopped at the start; nothing was half-published.")
    for event in (ProgressEvent("models"), ProgressEvent("stores", "a file is damaged")):
        under_way.note(event)
    assert under_way.line.startswith("Stopped during models; nothing")
    under_way.record_stop()
    last = IngestResults(DataDir(tmp_path).ingest_results).last_run()
    assert last and (last.stage, last.problem) == ("models", "stopped by the user")
    under_way.note(ProgressEvent("waiting", "another run is under way"))
    assert under_way.line.startswith("Stopped while waiting for another run; nothing")


def test_stop_while_another_run_holds_the_lock_leaves_its_record(tmp_path):
    data = DataDir(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout and other.stdout.readline()
        UnderWay(data).record_stop()
        assert IngestResults(data.ingest_results).last_run() is None
        other.kill()


def test_stop_after_publication_says_so_and_counts_as_finished(tmp_path):
    data = DataDir(tmp_path)
    under_way = UnderWay(data)
    under_way.note(ProgressEvent("release"))
    name = make_release(tmp_path)
    assert under_way.line == f"Stopped after publication; release {name} is complete."
    with run_lock(data.root):
        under_way.record_stop()
    last = IngestResults(data.ingest_results).last_run()
    assert last and (last.stage, last.problem) == (FINISHED, None)


def test_stop_at_the_end_of_a_run_without_news_says_so(tmp_path):
    under_way = UnderWay(DataDir(tmp_path))
    under_way.note(ProgressEvent("release", "nothing changed", ending="unchanged"))
    assert under_way.line == "Stopped at the end; the latest release is up to date."
