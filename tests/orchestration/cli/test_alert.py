"""`filings alert`, and what `filings refresh` reports of its end."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from orchestration.cli.reporting import reported
from orchestration.cli.requested import NotThereError
from orchestration.cli.under_way import UnderWay
from orchestration.incidents import sending
from orchestration.ingest.results import FINISHED, IngestResult, IngestResults, LastRun
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.disk import DiskError
from orchestration.runtime.recorded_sources import MixedSourcesError
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import AlertSettings
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.support.receiver import Receiver, receiver

AT = "2026-05-20T02:00:00+00:00"


@pytest.fixture
def inbox(monkeypatch) -> Iterator[Receiver]:
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0)
    with receiver() as running:
        yield running


@pytest.fixture
def data(tmp_path) -> DataDir:
    return DataDir(tmp_path)


def held_back(data: DataDir) -> None:
    IngestResults(data.ingest_results).record(IngestResult("011", "run", AT, problem="held back"))


def ended_with(error: Exception, data: DataDir, inbox: Receiver) -> None:
    """Report a refresh that ends with an error, which is passed on."""

    def fails() -> None:
        raise error

    alerts = AlertSettings.from_environment(inbox.settings)
    with pytest.raises(type(error)):
        reported(fails, UnderWay(data), alerts)


def test_alert_sends_what_is_new(data, inbox):
    held_back(data)
    for _ in range(2):
        assert_succeeds(data.root, "alert", **inbox.settings)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_alert_that_cannot_be_sent_is_exit_status_1(data, inbox):
    held_back(data)
    inbox.status = 500
    assert "FILINGS_ALERT_URL" in assert_fails(run(data.root, "alert", **inbox.settings))
    assert "status 500" in run(data.root, "status").stdout


def test_test_message_is_sent_and_nothing_else(data, inbox):
    held_back(data)
    assert_succeeds(data.root, "alert", "--test", **inbox.settings)
    assert inbox.alerts == [("test", [])]


def test_alert_without_an_address_says_which_variable_to_set(data):
    shown = assert_succeeds(data.root, "alert", FILINGS_ALERT_URL="")
    assert "FILINGS_ALERT_URL is not set" in shown
    error = assert_fails(run(data.root, "alert", "--test", FILINGS_ALERT_URL=""))
    assert "FILINGS_ALERT_URL is not set" in error


@pytest.mark.parametrize("name", ["FILINGS_ALERT_URL", "FILINGS_HEARTBEAT_URL"])
@pytest.mark.parametrize("address", ["secret token", "http://[::1/secret", "mailto:secret"])
def test_invalid_address_is_refused_without_its_text(name, address, data):
    error = assert_fails(run(data.root, "alert", **{name: address}))
    assert name in error and "secret" not in error


def test_heartbeat_needs_an_address_of_the_web(data):
    mail = "mailto://me:secret@example.org"
    error = assert_fails(run(data.root, "alert", FILINGS_HEARTBEAT_URL=mail))
    assert "FILINGS_HEARTBEAT_URL" in error and "secret" not in error


def test_service_that_failed_is_reported_until_it_runs(data, inbox):
    unit = ("alert", "--unit", "filings-daemon")
    for arguments in (unit, unit, (*unit, "--well")):
        assert_succeeds(data.root, *arguments, **inbox.settings)
    key = "service/filings-daemon"
    assert inbox.alerts == [("problem", [key]), ("well_again", [key])]


def test_check_of_the_stores_is_reported(data, inbox):
    IngestResults(data.ingest_results).record_run(LastRun("run", FINISHED, AT))
    stray = data.raw / "011" / "stray.docx"
    stray.parent.mkdir(parents=True)
    stray.write_text("x")
    assert run(data.root, "check", **inbox.settings).exit_code == 1
    assert "The run of check_stores failed: " in run(data.root, "status").stdout
    assert "stray.docx" in inbox.at("/alert")[0].message["text"]
    stray.unlink()
    assert_succeeds(data.root, "check", **inbox.settings)
    job = "run/check_stores"
    assert [event for event in inbox.alerts if job in event[1]][-1] == ("well_again", [job])


def test_refresh_that_fails_before_its_run_is_told_and_shown_by_status(data, inbox):
    ended_with(DiskError("the disk is full"), data, inbox)
    assert inbox.alerts == [("problem", ["run/refresh"])]
    result = run(data.root, "status")
    assert result.exit_code == 1 and "the disk is full" in result.stdout


def test_refresh_that_fails_during_another_run_keeps_the_record_of_that_run(data, inbox):
    results = IngestResults(data.ingest_results)
    results.record_run(LastRun("other", "models", AT))
    with run_lock(data.root):
        ended_with(DiskError("the disk is full"), data, inbox)
    last = results.last_run()
    assert last and (last.run_id, last.problem) == ("other", None)


def test_bug_is_told_as_one(data, inbox):
    ended_with(ZeroDivisionError("division"), data, inbox)
    assert "please report it" in inbox.at("/alert")[0].message["text"]


@pytest.mark.parametrize("error", [NotThereError("no batch 99"), MixedSourcesError("live")])
def test_mistake_of_the_user_does_not_count_as_an_incident(error, data, inbox):
    before = sorted(data.root.rglob("*"))
    ended_with(error, data, inbox)
    assert inbox.received == [] and sorted(data.root.rglob("*")) == before


def test_status_json_has_state_incidents_and_registers(data):
    results = IngestResults(data.ingest_results)
    results.record_run(LastRun("run", FINISHED, AT))
    held_back(data)
    result = run(data.root, "status", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == found["exit_status"] == 1 and found["state"] == "failed"
    assert [item["key"] for item in found["incidents"]] == ["document/011", "overdue"]
    attempt = found["registers"]["deep_synthesis"]["documents"]["011"]["last_attempt"]
    assert attempt["problem"] == "held back"
    assert found["last_finished"]["at"] == AT


def test_metrics_are_written_for_node_exporter(data, tmp_path):
    held_back(data)
    path = tmp_path / "filings.prom"
    result = run(data.root, "status", "--metrics", str(path))
    assert result.exit_code == 1 and result.stdout == ""
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }
    assert samples["filings_state", "failed"] == 1 and samples["filings_state", "well"] == 0
    assert samples["filings_open_incidents", "document"] == 1
    assert samples["filings_failed_documents", "deep_synthesis"] == 1


def test_metrics_file_with_another_suffix_is_refused(data, tmp_path):
    path = tmp_path / "filings.txt"
    assert ".prom" in assert_fails(run(data.root, "status", "--metrics", str(path)))
    assert not path.exists()


@pytest.mark.parametrize(
    ("hours", "status", "words"),
    [(1, 0, "all is well"), (27, 2, "overdue: no run has finished for more than 26 hours")],
)
def test_exit_status_and_last_line_of_status(hours, status, words, data):
    at = datetime.now(UTC) - timedelta(hours=hours)
    IngestResults(data.ingest_results).record_run(LastRun("run", FINISHED, at.isoformat()))
    result = run(data.root, "status")
    assert result.exit_code == status and words in result.stdout.splitlines()[-1]
