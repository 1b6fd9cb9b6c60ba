"""`filings status`: the release, stale documents, and problems on one screen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len

from orchestration.ingest.results import (
    FINISHED,
    STOPPED_BY_USER,
    IngestResult,
    IngestResults,
    LastRun,
)
from orchestration.inspection.status import _changed
from orchestration.publication.latest import DESCRIPTOR
from orchestration.runtime.run_lock import run_lock
from scrapers.errors import MAX_LINES
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.cli.commands import assert_fails, run, status_of
from tests.orchestration.publication.release_factories import make_filing, make_release
from tests.orchestration.validation.list_factories import Stores, make_filing_row, make_filing_rows

AT = "2025-05-20T02:00:00+00:00"


def ago(**age: float) -> str:
    return (datetime.now(UTC) - timedelta(**age)).isoformat(timespec="seconds")


def finished(data_dir: Path, at: str) -> IngestResults:
    """The ingest results of a data directory in which a run finished at a time."""
    results = IngestResults(data_dir / "ingest_results")
    results.record_run(LastRun("run", FINISHED, at))
    return results


def validated(data_dir: Path, *lists: list) -> None:
    """Lists of the batches from 1 on, archived and validated."""
    stores = Stores(data_dir)
    for batch_no, rows in enumerate(lists, start=1):
        stores.archive_list(batch_no, rows)
        stores.validate(f"{batch_no:03d}")
    stores.write_tables()


def test_long_problems_and_alarms_are_truncated_with_count(tmp_path):
    results = IngestResults(tmp_path / "ingest_results")
    for number in range(1, MAX_LINES + 8):
        results.record(IngestResult(f"{number:03d}", "run", AT, problem=f"problem {number}."))
    results.record_alarms(
        DEEP_SYNTHESIS, [f"notice {number}." for number in range(1, MAX_LINES + 5)]
    )
    text = run(tmp_path, "status").stdout
    assert f"problem {MAX_LINES}." in text and f"problem {MAX_LINES + 1}." not in text
    assert f"notice {MAX_LINES}." in text and f"notice {MAX_LINES + 1}." not in text
    assert "and 7 more problems" in text and "and 4 more" in text


def test_status_before_the_first_release(tmp_path):
    result = run(tmp_path, "status")
    assert result.exit_code == 2
    assert "run `filings refresh`" in result.stdout and str(tmp_path) in result.stdout


def test_status_shows_batches_and_problems_literally(tmp_path):
    stores = Stores(tmp_path)
    for batch_no in (1, 2):
        stores.archive_list(batch_no, make_filing_rows(20 * batch_no, first=100 * batch_no))
        stores.validate(f"{batch_no:03d}")
    stores.write_tables()
    results = IngestResults(tmp_path / "ingest_results")
    results.record(IngestResult("002", "run", "2025-05-20T02:00:00+00:00"))
    results.record(
        IngestResult("003", "run", "2025-05-19T02:00:00+00:00", problem="[b]status 503[/b]")
    )
    result = run(tmp_path, "status")
    assert result.exit_code == 1 and "05-20 02:00" in result.stdout
    lines = {line[:3]: line.split() for line in result.stdout.splitlines() if line[:1] == "0"}
    assert lines["001"][1:5] == ["2025-05", "20", "0", "1"] and lines["001"][-1] == "ok"
    assert lines["002"][2] == "40"
    assert lines["003"][-1] == "failed" and "[b]status 503[/b]" in result.stdout


@pytest.mark.parametrize(
    ("run_so_far", "words"),
    [
        (LastRun("run", FINISHED, AT), "2025-05-20 02:00 UTC  finished"),
        (
            LastRun("run", FINISHED, AT, failures=2),
            "2025-05-20 02:00 UTC  finished, but with 2 problems: solved since",
        ),
        (LastRun("run", "models", AT), "killed during models: run `filings refresh`"),
        (
            LastRun("run", "deep_synthesis", AT, STOPPED_BY_USER),
            "UTC  stopped by the user during Deep-synthesis algorithms",
        ),
        (LastRun("run", "", AT, STOPPED_BY_USER), "UTC  stopped by the user at the start"),
        (LastRun("run", "models", AT, "a [b]test[/b] failed"), "models: a [b]test[/b] failed"),
    ],
)
def test_status_shows_stage_of_last_run(tmp_path, run_so_far, words):
    IngestResults(tmp_path / "ingest_results").record_run(run_so_far)
    assert words in run(tmp_path, "status").stdout


def test_status_tells_a_run_under_way_from_a_killed_one(tmp_path):
    IngestResults(tmp_path / "ingest_results").record_run(LastRun("run", "models", AT))
    with run_lock(tmp_path):
        assert "UTC  running, during models" in run(tmp_path, "status").stdout
    assert "UTC  killed during models" in run(tmp_path, "status").stdout


@pytest.mark.parametrize("content", ["", "{", "[]", '{"batch_no": 3, "of another version": 1}'])
def test_damaged_result_counts_as_missing(tmp_path, content):
    folder = tmp_path / "ingest_results"
    folder.mkdir()
    (folder / "003.json").write_text(content)
    (folder / "last_run.json").write_text(content)
    result = run(tmp_path, "status")
    assert result.exit_code == 2 and "last run  none yet" in result.stdout


def test_markup_in_data_directory_name_is_shown_literally(tmp_path):
    folder = tmp_path / "[red]data"
    assert "[red]data" in run(folder, "status").stdout


def test_status_shows_release_and_its_changes(tmp_path):
    make_release(tmp_path, make_filing(1), make_filing(2, batch_no=2))
    assert "2 filings in 2 batches, the first release" in status_of(tmp_path)
    new = make_release(
        tmp_path,
        make_filing(1, note="已注销"),
        make_filing(2, batch_no=2),
        make_filing(3),
        make_filing(4),
    )
    text = status_of(tmp_path)
    assert f"release   {new.name}\n" in text and " UTC, within the hour" in text
    assert "4 filings in 2 batches\n" in text
    assert "changes since the previous release: 2 added, 1 amended\n" in text


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ({"recommendation": 1014},
         ["changes since the previous release: 1 added, 1 new register",
          "new register: Recommendation algorithms (1,014 filings)"]),
        ({"recommendation": 1014, "generative_services": 1},
         ["changes since the previous release: 1 added, 2 new registers",
          "new register: Recommendation algorithms (1,014 filings)",
          "new register: Generative AI services (1 service)"]),
    ],
)  # fmt: skip
def test_status_names_registers_that_the_previous_release_lacks(tmp_path, rows, lines):
    make_release(tmp_path, make_filing(1))
    make_release(tmp_path, make_filing(1), make_filing(2))
    path = tmp_path / "published" / "latest" / DESCRIPTOR
    package = json.loads(path.read_text())
    package["registers"] += [{"register": name, "rows": count} for name, count in rows.items()]
    path.write_text(json.dumps(package))
    shown = [line.strip() for line in status_of(tmp_path).splitlines()]
    place = shown.index(lines[0])
    assert shown[place : place + len(lines)] == lines
    assert shown[place + len(lines)].startswith("last run")


CHANGED = pl.DataFrame(
    [("amended", "deep_synthesis", "1"), ("amended", "recommendation", "1"),
     ("amended", "recommendation", "1"), ("added", "recommendation", "2")],
    schema=["kind", "register", "filing_number"],
    orient="row",
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "amended"),
    [(CHANGED, 2), (CHANGED.drop("register"), 1)],
    ids=["two registers", "table of an older release"],
)
def test_number_that_changes_in_two_registers_counts_in_both(tmp_path, table, amended):
    path = tmp_path / "[changes].parquet"
    table.write_parquet(path)
    with duckdb.connect() as connection:
        assert _changed(connection, path) == {"added": 1, "amended": amended}


@pytest.mark.parametrize(
    ("hours", "words", "is_stale"),
    [(0.1, "within the hour", False), (25, "25 hours ago", False), (27, "27 hours ago", True),
     (24 * 5, "5 days ago", True)],
)  # fmt: skip
def test_last_refresh_is_stale_after_26_hours(tmp_path, hours, words, is_stale):
    finished(tmp_path, ago(hours=hours))
    (shown,) = [line for line in status_of(tmp_path).splitlines() if line[:8] == "finished"]
    assert words in shown and ("stale: run `filings refresh`" in shown) == is_stale


def test_status_shows_last_finished_run_after_a_stopped_one(tmp_path):
    results = finished(tmp_path, AT)
    results.record_run(LastRun("later", "models", ago(hours=1), "a test failed"))
    text = status_of(tmp_path)
    assert "stopped at models: a test failed" in text and "finished  2025-05-20 02:00 UTC" in text


def test_status_shows_never_before_any_finished_run(tmp_path):
    assert "finished  never  stale: run" in status_of(tmp_path)


def test_failed_batch_is_stale_with_its_version_in_use(tmp_path):
    validated(tmp_path, make_filing_rows(3))
    results = finished(tmp_path, AT)
    results.record(IngestResult("001", "run", AT, problem="status 503"))
    results.record(IngestResult("002", "run", AT, problem="status 404"))
    lines = status_of(tmp_path).splitlines()
    place = lines.index("status 503")
    shown = "stale: batch 001 uses its version of 2025-05-20; failed 2025-05-20 02:00 UTC:"
    assert lines[place - 1] == shown
    assert lines[lines.index("status 404") - 1] == ""


def test_batches_not_fetched_for_a_day_are_listed(tmp_path):
    validated(tmp_path, *(make_filing_rows(1, first=serial) for serial in range(1, 12)))
    results = finished(tmp_path, ago(hours=1))
    results.record(IngestResult("001", "run", ago(hours=1)))
    for batch_no in range(2, 12):
        results.record(IngestResult(f"{batch_no:03d}", "run", AT))
    shown = "not checked for more than a day: 002, 003, 004, 005, 006, 007, 008, 009 and 2 more"
    assert shown in status_of(tmp_path)


def test_status_shows_first_quarantined_rows_and_file(tmp_path):
    good = make_filing_rows(200)
    bad = [make_filing_row(serial, role="[b]=x") for serial in range(201, 208)]
    validated(tmp_path, [*good, *bad])
    text = status_of(tmp_path)
    assert "in quarantine: 7 rows" in text and "and 2 more failed checks" in text
    (line, *_) = [line for line in text.splitlines() if "[b]=x" in line]
    assert line.split()[:3] == ["001", "201", "role"]
    (path,) = (tmp_path / "validated" / "001" / "quarantine").iterdir()
    assert str(path) in text


def test_status_fits_eighty_columns(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_release(tmp_path, make_filing(1))
    validated(tmp_path, [*make_filing_rows(200), make_filing_row(201, role="很" * 60)])
    results = finished(tmp_path, ago(hours=30))
    results.record(IngestResult("001", "run", AT, problem="status 503"))
    lines = status_of(tmp_path, COLUMNS="80").splitlines()
    wide = [line for line in lines if cell_len(line.rstrip()) > 80]
    assert all("quarantine/" in line or line.startswith("data ") for line in wide)
    assert any("known_role" in line and "很" in line and "…" in line for line in lines)


def test_piped_status_has_no_colour(tmp_path):
    finished(tmp_path, AT).record(IngestResult("001", "run", AT, problem="status 503"))
    assert "\x1b" not in status_of(tmp_path)


def test_unreadable_store_is_reported(tmp_path):
    validated(tmp_path, make_filing_rows(3))
    (tmp_path / "validated" / "list_versions.parquet").write_bytes(b"PAR1")
    assert "Delete data/validated/; the next run" in assert_fails(run(tmp_path, "status"))
