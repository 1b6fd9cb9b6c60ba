"""Which incidents the records of a data directory show."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.incidents.finding import find_incidents
from orchestration.incidents.incident import Incident
from orchestration.ingest.results import (
    FINISHED,
    STOPPED_BY_USER,
    Deliveries,
    IngestResult,
    IngestResults,
    LastRun,
)
from orchestration.ingest.ticks import next_tick, record_tick
from orchestration.inspection.status import read_status
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import run_lock
from scrapers.registers import DEEP_SYNTHESIS, REGISTERS

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
NAME = DEEP_SYNTHESIS.name


def ago(**age: float) -> str:
    return (NOW - timedelta(**age)).isoformat()


def found(data: DataDir, now: datetime = NOW) -> list[Incident]:
    return find_incidents(read_status(data), now)


def keys(data: DataDir, now: datetime = NOW) -> list[str]:
    return [item.key for item in found(data, now)]


@pytest.fixture
def results(data: DataDir) -> IngestResults:
    return IngestResults(data.ingest_results)


def test_new_data_directory_has_no_incidents(data):
    assert found(data) == []


def test_finished_run_with_good_documents_has_no_incidents(data, results):
    results.record_run(LastRun("run", FINISHED, ago(hours=1)))
    results.record(IngestResult("011", "run", ago(hours=1), rows=3))
    assert found(data) == []


def test_document_that_failed_is_an_incident_with_its_problem(data, results):
    results.record(IngestResult("011", "run", ago(hours=1), problem="held back: too few rows"))
    (incident,) = found(data)
    assert incident.key == "document/011" and incident.kind == "document"
    assert "batch 011: held back" in incident.title and incident.since == ago(hours=1)


def test_answer_that_could_not_be_archived_is_an_incident(data, results):
    results.record(IngestResult("notice_list", "run", ago(hours=1), problem="sidecar is torn"))
    assert keys(data) == ["document/notice_list"]


def test_each_announcement_that_was_not_understood_is_an_incident_of_its_own(data, results):
    results.record_alarms(DEEP_SYNTHESIS, ["notice 1 'new words'", "notice 2 'more words'"])
    first, second = found(data)
    assert first.key != second.key and first.kind == second.kind == "announcement"
    assert first.text == "notice 1 'new words'"
    results.record_alarms(DEEP_SYNTHESIS, ["notice 2 'more words'"])
    assert keys(data) == [second.key]


def test_register_that_a_run_could_not_read_is_an_incident_at_once(data, results):
    failed = IngestResult(NAME, "run", ago(minutes=1), problem="503", discovery_of="Title")
    results.record(failed)
    assert keys(data) == [f"register/{NAME}"]


@pytest.mark.parametrize(("minutes", "is_incident"), [(15, False), (60, False), (75, True)])
def test_register_that_ticks_cannot_read_is_an_incident_after_an_hour(data, minutes, is_incident):
    tick = next_tick(None, ago(minutes=minutes), {NAME: "timeout"})
    record_tick(data.ingest_results, next_tick(tick, ago(minutes=0), {NAME: "another text"}))
    expected = [Incident(
        f"register/{NAME}", "register", f"{DEEP_SYNTHESIS.title.en}: the announcements cannot be "
        "read", "another text", ago(minutes=minutes),
    )]  # fmt: skip
    assert found(data) == (expected if is_incident else [])


def test_register_that_a_run_has_read_since_the_tick_does_not_count_as_an_incident(data, results):
    tick = next_tick(None, ago(hours=4), {NAME: "timeout"})
    record_tick(data.ingest_results, next_tick(tick, ago(hours=2), {NAME: "timeout"}))
    assert keys(data) == [f"register/{NAME}"]
    results.record_run(LastRun("run", FINISHED, ago(hours=1)))
    assert found(data) == []


@pytest.mark.parametrize(("hours", "count"), [(1, 2), (24, 0)])
def test_ticks_of_a_sensor_that_was_stopped_say_nothing(data, hours, count):
    tick = next_tick(None, ago(hours=hours + 2), {NAME: "timeout"}, "database is locked")
    again = next_tick(tick, ago(hours=hours), {NAME: "timeout"}, "database is locked")
    record_tick(data.ingest_results, again)
    assert len(found(data)) == count


def test_single_failed_tick_before_a_stop_does_not_count_as_an_incident(data):
    record_tick(data.ingest_results, next_tick(None, ago(hours=3), {NAME: "timeout"}))
    assert found(data) == []


def test_line_that_counts_more_alarms_stays_one_incident(data, results):
    results.record_alarms(DEEP_SYNTHESIS, ["and 3 more"])
    (before,) = found(data)
    results.record_alarms(DEEP_SYNTHESIS, ["and 1,004 more"])
    assert keys(data) == [before.key]


def test_tick_that_reads_the_register_again_ends_the_incident(data):
    failing = next_tick(None, ago(hours=3), {NAME: "timeout"})
    record_tick(data.ingest_results, next_tick(failing, ago(hours=1), {}))
    assert found(data) == []


@pytest.mark.parametrize(("hours", "expected"), [(0.5, []), (2, ["sensor"])])
def test_sensor_that_fails_is_an_incident_after_an_hour(data, hours, expected):
    tick = next_tick(None, ago(hours=hours), {}, "database is locked")
    record_tick(data.ingest_results, next_tick(tick, ago(hours=0), {}, "database is locked"))
    assert keys(data) == expected


def test_tick_that_fails_as_a_whole_keeps_the_registers_that_could_not_be_read(data):
    tick = next_tick(None, ago(hours=3), {NAME: "timeout"})
    tick = next_tick(tick, ago(hours=2), {}, "database is locked")
    record_tick(data.ingest_results, next_tick(tick, ago(hours=0), {}, "database is locked"))
    assert keys(data) == [f"register/{NAME}", "sensor"]


def test_run_that_stopped_is_an_incident_with_its_stage(data, results):
    results.record_run(LastRun("run", "models", ago(hours=1), "a test failed"))
    (incident,) = found(data)
    assert incident.key == "run/refresh" and incident.job == "refresh"
    assert "models" in incident.text and "a test failed" in incident.text


def test_run_that_was_killed_is_an_incident(data, results):
    results.record_run(LastRun("run", "models", ago(hours=1)))
    (incident,) = found(data)
    assert incident.key == "run/refresh" and "died during models" in incident.text


def test_run_under_way_does_not_count_as_an_incident(data, results):
    results.record_run(LastRun("run", "models", ago(hours=1)))
    with run_lock(data.root):
        assert found(data) == []


def test_run_that_the_user_stopped_does_not_count_as_an_incident(data, results):
    results.record_run(LastRun("run", "models", ago(hours=1), STOPPED_BY_USER))
    assert found(data) == []


@pytest.mark.parametrize(("hours", "expected"), [(25, []), (27, ["overdue"])])
def test_no_finished_run_for_more_than_26_hours_is_an_incident(data, results, hours, expected):
    results.record_run(LastRun("run", FINISHED, ago(hours=hours)))
    assert keys(data) == expected


def test_release_that_did_not_reach_its_targets_is_one_incident(data, results):
    results.record_deliveries(Deliveries("run", "r", ago(hours=1), ["PostgreSQL: no", "S3: no"]))
    (incident,) = found(data)
    assert incident.key == incident.kind == "target" and "S3: no" in incident.text


def test_incidents_of_all_registers_are_found(data, results):
    for register in REGISTERS:
        results.record(IngestResult(register.name, "run", ago(hours=1), problem="503",
                                    discovery_of=register.title.en))  # fmt: skip
    assert keys(data) == [f"register/{register.name}" for register in REGISTERS]
