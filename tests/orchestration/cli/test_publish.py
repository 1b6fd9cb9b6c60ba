"""`filings publish`: what it says, what it records, and how it exits."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from orchestration.ingest.results import Deliveries, IngestResults
from orchestration.runtime.run_lock import run_lock
from tests.end_to_end.commands import CommandResult, run_command
from tests.support.postgres import PostgresDatabase

AT = "2025-05-20T02:00:00+00:00"
NOWHERE = "host=127.0.0.1 port=1 dbname=db password=geheim"


@pytest.fixture
def data_dir(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "data", symlinks=True))


@pytest.fixture
def results(data_dir: Path) -> IngestResults:
    return IngestResults(data_dir / "ingest_results")


def latest(data_dir: Path) -> str:
    return (data_dir / "published" / "latest").resolve().name


def publish(data_dir: Path, *arguments: str, **settings: str) -> CommandResult:
    return run_command(data_dir, "publish", *arguments, **settings)


def test_the_configured_targets_get_the_latest_release(
    data_dir: Path, tmp_path: Path, postgres: PostgresDatabase
):
    settings = {
        "FILINGS_POSTGRES": postgres.dsn,
        "FILINGS_POSTGRES_SCHEMA": "registers",
        "FILINGS_PUBLISH_TO": str(tmp_path / "store"),
    }
    done = publish(data_dir, **settings)
    assert (done.status, done.err) == (0, "")
    database, store = done.out.splitlines()
    assert database.startswith(
        f"PostgreSQL 127.0.0.1:{postgres.port}/{postgres.name}, schema registers has release "
        f"{latest(data_dir)} (3 of 3 tables, 3 rows, "
    )
    assert store.startswith(f"{tmp_path}/store has release {latest(data_dir)} (")
    assert postgres.query("select algorithm_name from registers.filings order by 1") == [
        ("<script>alert(1)</script>",),
        ("=1+1",),
    ]
    again = publish(data_dir, **settings)
    assert again.out.count(f"already has release {latest(data_dir)}") == 2


def test_options_replace_the_configured_targets(
    data_dir: Path, tmp_path: Path, postgres: PostgresDatabase
):
    done = publish(
        data_dir, "--postgres", postgres.dsn, "--schema", "mine",
        FILINGS_PUBLISH_TO=str(tmp_path / "store"),
    )  # fmt: skip
    assert done.status == 0
    assert not (tmp_path / "store").exists()
    assert postgres.query("select count(*) from mine.filings") == [(2,)]


def test_a_failure_exits_with_1_and_leaves_the_other_target_published(
    data_dir: Path, tmp_path: Path
):
    done = publish(data_dir, "--postgres", NOWHERE, "--to", str(tmp_path / "store"))
    assert done.status == 1
    assert done.err.startswith("error: release ")
    assert "PostgreSQL 127.0.0.1:1/db: connection failed" in done.err
    assert "geheim" not in done.err + done.out
    assert (tmp_path / "store" / "latest.json").is_file()


def test_problems_of_the_configured_targets_are_recorded_and_cleared(
    data_dir: Path, tmp_path: Path, results: IngestResults
):
    publish(data_dir, FILINGS_POSTGRES=NOWHERE)
    (problem,) = results.delivery_problems()
    assert "connection failed" in problem
    assert publish(data_dir, FILINGS_PUBLISH_TO=str(tmp_path / "store")).status == 0
    assert results.delivery_problems() == []


def test_other_targets_and_other_releases_leave_the_recorded_problems(
    data_dir: Path, tmp_path: Path, results: IngestResults
):
    results.record_deliveries(Deliveries("run", "1Z", AT, ["no connection"]))
    publish(data_dir, "--to", str(tmp_path / "store"))
    assert results.delivery_problems() == ["no connection"]


def test_an_older_release_can_be_named(data_dir: Path, tmp_path: Path):
    older = data_dir / "published" / "20200101T000000000000Z"
    shutil.copytree(data_dir / "published" / "latest", older)
    done = publish(data_dir, "--to", str(tmp_path / "store"), "--release", older.name)
    assert (done.status, done.err) == (0, "")
    assert (tmp_path / "store" / older.name / "datapackage.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there is no target to publish to. Give --postgres or --to"),
        (["--to", "x", "--release", "20190101T000000Z"], "there is no release 20190101T000000Z"),
    ],
)
def test_what_cannot_be_done_is_said(data_dir: Path, arguments: list[str], message: str):
    done = publish(data_dir, *arguments)
    assert done.status == 1
    assert message in done.err


def test_a_schema_without_postgres_is_a_usage_error(data_dir: Path, tmp_path: Path):
    store = str(tmp_path / "store")
    for arguments in (["--to", store], []):
        done = publish(data_dir, *arguments, "--schema", "mine", FILINGS_PUBLISH_TO=store)
        assert done.status == 2
        assert "--schema needs --postgres" in done.err
    assert not (tmp_path / "store").exists()


def test_a_relative_folder_is_below_the_current_one(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert publish(data_dir, "--to", "store").status == 0
    assert (tmp_path / "here" / "store" / "latest.json").is_file()
    assert publish(data_dir, "--to", "s3:bucket/store").status == 1
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["store"]


def test_a_publication_that_waits_for_a_run_says_so(data_dir: Path, tmp_path: Path):
    held = threading.Event()

    def run() -> None:
        with run_lock(data_dir):
            held.set()
            time.sleep(1)

    other = threading.Thread(target=run)
    other.start()
    held.wait()
    done = publish(data_dir, "--to", str(tmp_path / "store"))
    other.join()
    assert (done.status, done.err) == (
        0, "another run is under way: waiting for it to end\n",
    )  # fmt: skip


def test_a_data_directory_without_a_release_is_named(tmp_path: Path):
    done = publish(tmp_path / "none", "--to", str(tmp_path / "store"))
    assert done.status == 1
    assert "there is no release yet. Run `filings refresh` first" in done.err
    assert not (tmp_path / "none").exists()
