"""A report sends what is new since the last one, once."""

import fcntl
import os
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.incidents import sending
from orchestration.incidents.book import read_book
from orchestration.incidents.report import Effort, Ended, report
from orchestration.ingest.results import FINISHED, IngestResult, IngestResults, LastRun
from orchestration.publication.latest import DESCRIPTOR, switch_latest
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import AlertSettings
from scrapers.files import write_json, write_text
from tests.support.receiver import Receiver

HELD_BACK = "held back: too few rows"


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0)


@pytest.fixture
def alerts(inbox: Receiver) -> AlertSettings:
    return AlertSettings.from_environment(inbox.settings)


@pytest.fixture
def results(data: DataDir) -> IngestResults:
    return IngestResults(data.ingest_results)


def ingested(results: IngestResults, problem: str | None, folder: str = "011") -> None:
    results.record(IngestResult(folder, "run", ago(0), problem=problem))


def finished(results: IngestResults, run_id: str = "run", minutes: float = 0) -> None:
    results.record_run(LastRun(run_id, FINISHED, ago(minutes)))


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def test_incident_is_sent_once_and_once_when_it_is_well_again(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    for _ in range(3):
        assert report(data, alerts) == []
    ingested(results, "held back: another reason")
    report(data, alerts)
    ingested(results, None)
    for _ in range(3):
        report(data, alerts)
    assert inbox.alerts == [("problem", ["document/011"]), ("well_again", ["document/011"])]


def test_message_says_what_is_wrong_and_where(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    report(data, alerts)
    (received,) = inbox.at("/alert")
    assert "batch 011" in received.message["title"] and HELD_BACK in received.message["text"]
    assert received.message["data_dir"] == str(data.root)


def test_incidents_that_open_together_are_one_message(data, alerts, results, inbox):
    ingested(results, HELD_BACK, "011")
    ingested(results, "503", "012")
    report(data, alerts)
    assert inbox.alerts == [("problem", ["document/011", "document/012"])]


def test_alert_that_could_not_be_sent_is_sent_by_the_next_report(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    inbox.status = 500
    (warning,) = report(data, alerts)
    assert "FILINGS_ALERT_URL" in warning and read_book(data.root).failed_message == warning
    inbox.status = 204
    inbox.received.clear()
    assert report(data, alerts) == [] and read_book(data.root).failed_message is None
    assert inbox.alerts == [("problem", ["document/011"])]


def test_well_again_that_could_not_be_sent_is_sent_by_the_next_report(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    report(data, alerts)
    ingested(results, None)
    inbox.status = 500
    report(data, alerts)
    inbox.status = 204
    inbox.received.clear()
    report(data, alerts)
    assert inbox.alerts == [("well_again", ["document/011"])]


def test_failure_that_left_no_record_is_sent_and_ends_with_the_next_finished_run(
    data, alerts, results, inbox
):
    finished(results, "first", minutes=60)
    report(data, alerts, Ended("refresh", "the disk is full"))
    report(data, alerts)
    finished(results, "second", minutes=-1)
    report(data, alerts, Ended("refresh", is_good=True))
    assert inbox.alerts == [("problem", ["run/refresh"]), ("well_again", ["run/refresh"])]


def test_failed_check_of_the_stores_ends_with_the_next_good_one(data, alerts, results, inbox):
    report(data, alerts, Ended("check_stores", "a file differs"))
    finished(results, minutes=-1)
    report(data, alerts, Ended("refresh", is_good=True))
    assert inbox.alerts == [("problem", ["run/check_stores"])]
    report(data, alerts, Ended("check_stores", is_good=True))
    assert inbox.alerts[1:] == [("well_again", ["run/check_stores"])]


def test_good_check_of_the_stores_during_another_run_ends_the_incident(
    data, alerts, results, inbox
):
    report(data, alerts, Ended("check_stores", "a file differs"))
    with run_lock(data.root):
        report(data, alerts, Ended("check_stores", is_good=True))
    assert inbox.alerts[1:] == [("well_again", ["run/check_stores"])]


def test_failed_service_is_sent_unless_another_incident_explains_it(data, alerts, results, inbox):
    service = "service/filings-daemon"
    for _ in range(3):
        report(data, alerts, Ended(service, "see its log"))
    report(data, alerts)
    report(data, alerts, Ended(service, is_good=True))
    assert inbox.alerts == [("problem", [service]), ("well_again", [service])]
    ingested(results, HELD_BACK)
    report(data, alerts, Ended("service/filings-refresh", "exit status 1"))
    assert inbox.alerts[2:] == [("problem", ["document/011"])]


def test_report_during_another_report_is_put_off(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    handle = os.open(data.root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert "another report" in report(data, alerts, effort=Effort(0.2, 1))[0]
    os.close(handle)
    report(data, alerts)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_nothing_is_sent_while_a_run_is_under_way(data, alerts, results, inbox):
    ingested(results, "503")
    with run_lock(data.root):
        report(data, alerts)
    ingested(results, None)
    finished(results)
    report(data, alerts)
    assert inbox.at("/alert") == []


def test_refresh_that_waited_in_vain_for_another_run_is_told(data, alerts, inbox):
    with run_lock(data.root):
        report(data, alerts, Ended("refresh", "another run is under way"))
    assert inbox.alerts == [("problem", ["run/refresh"])]


def test_heartbeat_is_sent_once_per_finished_run(data, alerts, results, inbox):
    report(data, alerts)
    assert inbox.at("/heartbeat") == []
    for run_id in ("first", "first", "second"):
        finished(results, run_id)
        report(data, alerts)
    results.record_run(LastRun("third", "models", ago(0), "a test failed"))
    report(data, alerts)
    assert len(inbox.at("/heartbeat")) == 2


def test_release_is_announced_once_with_the_summary_of_its_changes(data, alerts, inbox):
    release = data.published / "20260520T020000000000Z"
    write_json(release / DESCRIPTOR, {"resources": [], "content_sha256": "abc"})
    write_text(
        release / "CHANGES.md", "# Changes in release x\n\nCompared.\n\n- **A**: 3 added.\n\n## A\n"
    )
    switch_latest(data.published, release.name)
    report(data, alerts)
    report(data, alerts)
    (received,) = inbox.at("/release")
    assert received.message["release"] == release.name
    assert received.message["text"] == "Compared.\n- **A**: 3 added."


def test_incident_is_recorded_without_an_address_and_told_when_there_is_one(
    data, alerts, results, inbox
):
    ingested(results, HELD_BACK)
    report(data, AlertSettings())
    assert [item.key for item in read_book(data.root).open] == ["document/011"]
    report(data, alerts)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_store_that_cannot_be_read_is_an_incident_and_ends_no_other(data, alerts, results, inbox):
    ingested(results, HELD_BACK)
    report(data, alerts)
    versions = data.validated / "list_versions.parquet"
    write_text(versions, "not a table")
    report(data, alerts)
    assert inbox.alerts == [("problem", ["document/011"]), ("problem", ["run/refresh"])]
