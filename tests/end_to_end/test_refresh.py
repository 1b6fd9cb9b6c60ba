"""`filings refresh` as a process: it waits for another run, survives SIGKILL, and completes.

One data directory with one published batch meets all of it while the second batch is announced:
a refresh that waits for the run lock and is killed while it validates, a refresh that is killed
while it publishes, and a refresh that completes. A reader has the first release open all the time.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.runtime.run_lock import run_lock
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    REFRESH,
    CommandResult,
    environment,
    kill,
    run_command,
    start_process,
    wait_until,
)
from tests.end_to_end.releases import (
    changes_section,
    dagster_instance,
    filing_numbers_in,
    filings_per_batch,
    latest,
    list_files,
    query,
)

FIRST, GROWN = {1: 41}, {1: 41, 2: 110}

# Opens a release, and counts its filings for every line of standard input.
READER = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print("open", flush=True)
    for _ in sys.stdin:
        print(connection.execute("select count(*) from filings").fetchone()[0], flush=True)
"""


@dataclass(frozen=True)
class Killed:
    """A refresh that was killed."""

    log: str
    was_running: bool
    filings_per_batch: dict[int, int]


@dataclass(frozen=True)
class Grown:
    """The data directory after all refreshes, and what each of them showed."""

    data_dir: Path
    while_validating: Killed
    while_publishing: Killed
    finished: CommandResult
    reader_counts: list[str]


@pytest.fixture(scope="module")
def grown(
    copy_one_batch: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Grown:
    data_dir = copy_one_batch(tmp_path_factory.mktemp("grown"))
    published, validated = data_dir / "published", data_dir / "validated" / "002"
    with reader(latest(data_dir)) as count:
        counts = [count()]
        while_validating = _killed_refresh(
            data_dir, lambda: any(validated.rglob("*.*")), is_locked=True
        )
        while_publishing = _killed_refresh(
            data_dir, lambda: any(published.glob(".unfinished-*")), is_locked=False
        )
        finished = run_command(data_dir, "refresh", FILINGS_REPLICA_BATCHES="2")
        counts.append(count())
    return Grown(data_dir, while_validating, while_publishing, finished, counts)


def _killed_refresh(data_dir: Path, moment: Callable[[], bool], *, is_locked: bool) -> Killed:
    """Start a refresh and kill it at a moment; with `is_locked`, another run is active at first."""
    log = data_dir.with_suffix(".log")
    settings = environment(data_dir, FILINGS_REPLICA_BATCHES="2")
    assert not moment()
    with start_process(REFRESH, log, settings) as process:
        if is_locked:
            with run_lock(data_dir):
                wait_until(lambda: "waiting for it to end" in log.read_text(), PATIENCE_SECONDS)
                assert not moment(), "the refresh did not wait"
        wait_until(lambda: moment() or process.poll() is not None, PATIENCE_SECONDS, pause=0.003)
        was_running = process.poll() is None
        kill(process)
    return Killed(log.read_text(), was_running, filings_per_batch(data_dir))


@contextmanager
def reader(release: Path) -> Iterator[Callable[[], str]]:
    """A process that has a release open; call the result to have it count the filings."""
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(release / "filings.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin and stdout and stdout.readline() == "open\n"

        def count() -> str:
            stdin.write("count\n")
            stdin.flush()
            return stdout.readline().strip()

        yield count
        stdin.close()


def test_refresh_waits_while_another_run_holds_the_lock(grown: Grown):
    assert "another run is under way" in grown.while_validating.log


def test_killed_refresh_leaves_the_latest_release_unchanged(grown: Grown):
    for killed in (grown.while_validating, grown.while_publishing):
        assert killed.was_running, killed.log
        assert killed.filings_per_batch == FIRST


def test_refresh_after_a_kill_completes(grown: Grown):
    assert grown.finished.status == 0, grown.finished.err
    assert "151 filings in 2 batches" in grown.finished.out
    assert filings_per_batch(grown.data_dir) == GROWN
    with dagster_instance(grown.data_dir) as instance:
        ended = [run.status.value for run in instance.get_runs()]
    assert ended == ["SUCCESS", "FAILURE", "FAILURE", "SUCCESS"]


def test_only_complete_releases_and_the_link_are_published(grown: Grown):
    names = sorted(path.name for path in (grown.data_dir / "published").iterdir())
    assert len(names) == 3 and names[-1] == "latest"
    assert not [name for name in names if name.startswith(".")]


def test_reader_keeps_the_release_that_it_opened(grown: Grown):
    assert grown.reader_counts == ["41", "41"]


def test_changes_name_exactly_the_filings_of_the_new_batch(grown: Grown):
    changes = (latest(grown.data_dir) / "CHANGES.md").read_text()
    rows = query(grown.data_dir, "select filing_number from filings where batch_no = 2")
    section = changes_section(changes, "New filings")
    (shown_query,) = re.findall(r"```sql\n(.*?)\n```", section)
    changed = query(grown.data_dir, f"select filing_number, kind from ({shown_query})")
    assert sorted(changed) == sorted((number, "added") for (number,) in rows)
    assert len(changed) == 110 and "\n90 more." in section
    assert len(filing_numbers_in(section)) == 20
    assert filing_numbers_in(changes) <= {number for (number,) in rows}
    assert "110 added; new batch: 2. Now 151 filings in 2 batches." in changes


def test_release_has_every_file_that_its_data_package_describes(grown: Grown):
    release = latest(grown.data_dir)
    package = json.loads((release / "datapackage.json").read_text())
    described = {resource["path"]: resource for resource in package["resources"]}
    files = [path for path in release.rglob("*") if path.is_file()]
    present = {str(path.relative_to(release)) for path in files}
    assert set(described) == present - {"datapackage.json"}
    assert present >= {
        "panorama.html", "filings.xlsx", "filings.duckdb", "parquet/filings.parquet",
        "data_dictionary.md", "changes.atom", "CHANGES.md",
    }  # fmt: skip
    for path, resource in described.items():
        content = (release / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert described["parquet/filings.parquet"]["row_count"] == 151
    assert {item["batch_no"]: item["filings"] for item in package["batches"]} == GROWN


def test_refresh_without_news_writes_nothing(grown: Grown):
    stores = [grown.data_dir / name for name in ("raw", "validated", "published")]
    before, release = list_files(*stores), latest(grown.data_dir)
    finished = run_command(grown.data_dir, "refresh", FILINGS_REPLICA_BATCHES="2")
    assert finished.status == 0, finished.err
    assert "nothing changed" in finished.out
    assert list_files(*stores) == before
    assert latest(grown.data_dir) == release
