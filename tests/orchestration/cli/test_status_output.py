"""`filings status`: paths, times and warnings as the terminal shows them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.ingest.results import FINISHED, IngestResult, IngestResults, LastRun
from orchestration.publication.unread import unread_filings
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import record_source
from orchestration.runtime.run_lock import run_lock
from tests.orchestration.cli.commands import status_of
from tests.orchestration.publication.release_factories import make_filing, make_release

DAYS_AGO = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="seconds")


def make_results(data_dir: Path) -> IngestResults:
    results = IngestResults(data_dir / "ingest_results")
    results.record(IngestResult("001", "run", DAYS_AGO, remarks=["gone since 2026-01-01"]))
    return results


def test_status_warns_of_remarks_and_of_findings_of_the_last_build(tmp_path: Path):
    make_results(tmp_path)
    record = tmp_path / "dbt" / "last_build.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"build": {"warnings": ["a note is unknown"]}}))
    lines = status_of(tmp_path).splitlines()
    assert "warning: gone since 2026-01-01" in lines and "warning: a note is unknown" in lines


def test_status_names_stale_batches_only_if_the_refresh_itself_is_not_stale(tmp_path: Path):
    results = make_results(tmp_path)
    results.record_run(LastRun("run", FINISHED, DAYS_AGO))
    assert "not checked for more than a day" not in status_of(tmp_path)
    results.record_run(LastRun("run", FINISHED, datetime.now(UTC).isoformat()))
    assert "not checked for more than a day: 001" in status_of(tmp_path)


def test_status_asks_for_a_refresh_only_if_none_is_under_way(tmp_path: Path):
    make_results(tmp_path).record_run(LastRun("run", "models", DAYS_AGO))
    assert "finished  never  stale: run `filings refresh`\n" in status_of(tmp_path)
    with run_lock(tmp_path):
        text = status_of(tmp_path)
    assert "running, during models\n" in text and "finished  never\n" in text


def test_status_shows_paths_relative_to_the_working_directory(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status_of(tmp_path / "data").startswith("data      data\n")
    assert status_of(tmp_path.parent).startswith(f"data      {tmp_path.parent}\n")


def test_status_names_the_sources_of_the_data_not_that_of_the_environment(tmp_path: Path):
    assert "source    live\n" in status_of(tmp_path, FILINGS_SOURCE="live")
    record_source(DataDir(tmp_path), "replica")
    assert "source    replica\n" in status_of(tmp_path)
    refused = "source    replica  FILINGS_SOURCE is live: runs are refused\n"
    assert refused in status_of(tmp_path, FILINGS_SOURCE="live")
    record_source(DataDir(tmp_path), "live")
    assert "source    replica, live\n" in status_of(tmp_path)


def test_status_says_how_many_filings_are_to_be_read(tmp_path: Path):
    statuses = "reviewed", "amended", "not_reviewed"
    filings = [make_filing(place, review_status=each) for place, each in enumerate(statuses, 1)]
    make_release(tmp_path, *filings)
    expected = "to read   2 filings, new or amended: `filings review --list` lists them\n"
    assert expected in status_of(tmp_path)


@pytest.mark.parametrize("others", [{"review_status": "reviewed"}, {}])
def test_status_says_nothing_of_readings_if_all_filings_are_read_or_none_can_be(tmp_path, others):
    make_release(tmp_path, make_filing(1, **others))
    assert "to read" not in status_of(tmp_path)


def test_release_with_a_damaged_table_counts_no_filings_to_read(tmp_path: Path):
    release = make_release(tmp_path, make_filing(1, review_status="amended")).path
    (release / "parquet" / "filings.parquet").write_bytes(b"damaged")
    with duckdb.connect() as connection:
        assert unread_filings(connection, release) == 0


def test_narrow_terminal_has_whole_words_in_fewer_columns(tmp_path: Path):
    make_results(tmp_path)
    tables = {}
    for width in (60, 80):
        lines = status_of(tmp_path, COLUMNS=str(width)).splitlines()
        assert not any("…" in line for line in lines)
        tables[width] = next(line.split() for line in lines if line.startswith("batch "))
    assert tables[60][-1] == "result" and "tried" in tables[80]
    assert set(tables[60]) < set(tables[80])
