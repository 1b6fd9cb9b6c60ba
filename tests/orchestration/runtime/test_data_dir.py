"""The data directory: ingest results of an earlier version are read, and moved by a run."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from orchestration.ingest.results import FINISHED, IngestResult, IngestResults, LastRun
from orchestration.runtime.data_dir import DataDir
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from tests.orchestration.cli.commands import status_of

AT = "2025-05-20T02:00:00+00:00"
NOTICE = "cancellations/notice_230ec03a-bca6-41a1-be7f-ad84571ce128"
BATCH_RESULT = IngestResult("002", "run", AT, version="v1", rows=110, added=110, remarks=[])
NOTICE_RESULT = IngestResult(NOTICE, "run", AT, problem="status 503", is_transient=True, remarks=[])
STOPPED = LastRun("later", "models", "2025-05-21T02:00:00+00:00", "a test failed")
FINISHED_RUN = LastRun("run", FINISHED, AT)


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


@pytest.fixture
def earlier(tmp_path: Path) -> DataDir:
    """A data directory written by an earlier version."""
    for result in (BATCH_RESULT, NOTICE_RESULT):
        write(tmp_path / "outcomes" / f"{result.folder}.json", asdict(result))
    write(tmp_path / "outcomes" / "last_run.json", asdict(STOPPED))
    write(tmp_path / "outcomes" / "last_finished.json", asdict(FINISHED_RUN))
    write(tmp_path / "outcomes" / "alarms.json", ["a notice that is not understood."])
    return DataDir(tmp_path)


def listing(data: DataDir) -> list[str]:
    return sorted(path.relative_to(data.root).as_posix() for path in data.root.rglob("*"))


def assert_all_is_found(data: DataDir) -> None:
    results = IngestResults(data.ingest_results)
    assert results.all() == [BATCH_RESULT, NOTICE_RESULT]
    assert results.of_register(DEEP_SYNTHESIS) == [BATCH_RESULT]
    assert results.of_register(CANCELLATION_NOTICES) == [NOTICE_RESULT]
    assert (results.last_run(), results.last_finished()) == (STOPPED, FINISHED_RUN)


def test_results_of_earlier_version_are_read_in_place(earlier):
    before = listing(earlier)
    assert earlier.ingest_results == earlier.root / "outcomes"
    assert_all_is_found(earlier)
    assert listing(earlier) == before


def test_status_shows_results_of_earlier_version(earlier):
    text = status_of(earlier.root)
    assert "status 503" in text and "stopped at models: a test failed" in text
    assert (earlier.root / "outcomes").is_dir()


def test_upgrade_moves_results_and_drops_alarms_without_register(earlier):
    earlier.upgrade()
    assert earlier.ingest_results == earlier.root / "ingest_results"
    assert listing(earlier) == [
        "ingest_results",
        "ingest_results/002.json",
        "ingest_results/cancellations",
        f"ingest_results/{NOTICE}.json",
        "ingest_results/last_finished.json",
        "ingest_results/last_run.json",
    ]
    assert_all_is_found(earlier)
    assert IngestResults(earlier.ingest_results).alarms(DEEP_SYNTHESIS) == []


def test_upgrade_moves_alarms_of_registers(earlier):
    IngestResults(earlier.ingest_results).record_alarms(DEEP_SYNTHESIS, ["a title."])
    earlier.upgrade()
    assert IngestResults(earlier.ingest_results).alarms(DEEP_SYNTHESIS) == ["a title."]
    assert_all_is_found(earlier)


def test_second_upgrade_changes_nothing(earlier):
    earlier.upgrade()
    before = listing(earlier)
    earlier.upgrade()
    assert listing(earlier) == before
    assert_all_is_found(earlier)


def test_upgrade_ignores_old_folder_if_results_exist(earlier):
    IngestResults(earlier.root / "ingest_results").record_run(FINISHED_RUN)
    before = listing(earlier)
    earlier.upgrade()
    assert listing(earlier) == before
    last = IngestResults(earlier.ingest_results).last_run()
    assert last and (last.run_id, last.is_finished) == (FINISHED_RUN.run_id, True)


@pytest.mark.parametrize("is_there", [True, False])
def test_upgrade_of_new_directory_does_nothing(tmp_path, is_there):
    root = tmp_path / "data"
    if is_there:
        root.mkdir()
    data = DataDir(root)
    data.upgrade()
    assert data.ingest_results == root / "ingest_results"
    assert root.exists() == is_there and listing(data) == []


def test_stores_are_below_the_root(tmp_path):
    data = DataDir(tmp_path)
    places = (data.raw, data.archive.root, data.validated, data.warehouse, data.published)
    names = [path.relative_to(tmp_path).as_posix() for path in places]
    assert names == ["raw", "raw", "validated", "warehouse.duckdb", "published"]
