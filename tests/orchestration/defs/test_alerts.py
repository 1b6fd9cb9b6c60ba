"""What the sensor and the sensors of run ends report to the operator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from orchestration.defs.alerts import build_alert_sensors
from orchestration.defs.endings import RunEndedError
from orchestration.defs.names import CHECK_STORES, DOMAIN, REFRESH
from orchestration.defs.resources import Workspace
from orchestration.defs.sensors import build_sensor
from orchestration.ingest.results import (
    FINISHED,
    STOPPED_BY_USER,
    IngestResult,
    IngestResults,
    LastRun,
)
from orchestration.ingest.ticks import next_tick, read_tick, record_tick
from orchestration.settings import AlertSettings, Settings
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS, REGISTERS
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites, firewall_page
from tests.support.receiver import Receiver, receiver

REGISTER = f"register/{DEEP_SYNTHESIS.name}"
NOTICES = f"register/{CANCELLATION_NOTICES.name}"


@pytest.fixture
def inbox(monkeypatch) -> Iterator[Receiver]:
    with receiver() as running:
        for name, value in running.settings.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def workspace(data_dir, inbox) -> Workspace:
    return Workspace.from_settings(Settings.from_environment())


@pytest.fixture
def sites(data_dir, inbox, monkeypatch) -> Iterator[LoopbackSites]:
    with LoopbackSites(load_register()) as sites:
        monkeypatch.setenv("FILINGS_SOURCE", "live")
        monkeypatch.setenv("FILINGS_CAC_URL", sites.cac_url)
        monkeypatch.setenv("FILINGS_BEIAN_URL", sites.beian_url)
        monkeypatch.setenv("FILINGS_REQUESTS_PER_SECOND", "0")
        yield sites


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


def tick(instance: dg.DagsterInstance) -> None:
    workspace = Workspace.from_settings(Settings.from_environment())
    with dg.build_sensor_context(instance=instance) as context:
        build_sensor(REGISTERS, workspace, AlertSettings.from_environment())(context)


def test_notice_list_that_ticks_cannot_read_is_told_after_an_hour_and_when_it_is_read(
    instance, sites, inbox
):
    folder = Settings.from_environment().data.ingest_results
    sites.break_with(sites.notice_list_path, firewall_page())
    for _ in range(2):
        tick(instance)
    assert inbox.alerts == [], "an answer may fail for a while"

    failing = dict.fromkeys((DEEP_SYNTHESIS.name, CANCELLATION_NOTICES.name), "busy")
    record_tick(folder, next_tick(None, ago(2), failing))
    for _ in range(2):
        tick(instance)
    sites.heal()
    for _ in range(2):
        tick(instance)
    both = sorted([NOTICES, REGISTER])
    assert inbox.alerts == [("problem", both), ("well_again", both)]


def test_error_of_the_tick_itself_is_recorded_and_told_after_an_hour(
    instance, sites, inbox, monkeypatch
):
    def fails(*_: object) -> None:
        raise OSError("database is locked")

    folder = Settings.from_environment().data.ingest_results
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.defs.sensors.unfinished_runs", fails)
        with pytest.raises(OSError, match="locked"):
            tick(instance)
        last = read_tick(folder)
        assert last and last.failing and last.failing.problem == "database is locked"
        assert inbox.alerts == []
        record_tick(folder, next_tick(None, ago(2), {}, "database is locked"))
        with pytest.raises(OSError, match="locked"):
            tick(instance)
    tick(instance)
    assert inbox.alerts == [("problem", ["sensor"]), ("well_again", ["sensor"])]


def ended_run(instance: dg.DagsterInstance, job_name: str, error: Exception | None) -> str:
    """Execute a job of this name with one step, and return the id of the run."""

    @dg.op
    def step() -> None:
        if error:
            raise error

    @dg.job(name=job_name, tags=DOMAIN)
    def job() -> None:
        step()

    return job.execute_in_process(instance=instance, raise_on_error=False).run_id


def evaluate(instance: dg.DagsterInstance, workspace: Workspace, run_id: str) -> object:
    """Evaluate the sensor that a run of this status triggers."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    kind = (
        dg.DagsterEventType.RUN_FAILURE
        if run.status == dg.DagsterRunStatus.FAILURE
        else dg.DagsterEventType.RUN_SUCCESS
    )
    (record,) = instance.get_records_for_run(run_id, of_type=kind).records
    event = record.event_log_entry.dagster_event
    assert event is not None
    failed, successful = build_alert_sensors(workspace, AlertSettings.from_environment())
    context = dg.build_run_status_sensor_context("sensor", event, instance, run)
    if run.status == dg.DagsterRunStatus.FAILURE:
        return failed(context.for_run_failure())
    return successful(context)


def test_failed_run_is_told_once_and_again_when_a_run_has_finished(instance, workspace, inbox):
    failed = ended_run(instance, REFRESH, dg.Failure("the warehouse cannot be read"))
    for _ in range(2):
        evaluate(instance, workspace, failed)
    (received,) = inbox.at("/alert")
    assert "the warehouse cannot be read" in received.message["text"]

    good = ended_run(instance, REFRESH, None)
    workspace.results.record_run(LastRun(good, FINISHED, ago(0)))
    evaluate(instance, workspace, good)
    assert inbox.alerts == [("problem", ["run/refresh"]), ("well_again", ["run/refresh"])]
    assert len(inbox.at("/heartbeat")) == 1


def test_run_that_failed_for_a_document_is_the_incident_of_that_document(
    instance, workspace, inbox
):
    run_id = ended_run(instance, REFRESH, dg.Failure("1 document failed"))
    workspace.results.record_run(LastRun(run_id, FINISHED, ago(0)))
    workspace.results.record(IngestResult("011", run_id, ago(0), problem="held back"))
    evaluate(instance, workspace, run_id)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_exception_is_told_with_its_first_cause(instance, workspace, inbox):
    evaluate(instance, workspace, ended_run(instance, REFRESH, ZeroDivisionError("by zero")))
    assert "ZeroDivisionError: by zero" in inbox.at("/alert")[0].message["text"]


def test_failed_check_of_the_stores_is_an_incident_of_its_own(instance, workspace, inbox):
    workspace.results.record_run(LastRun("run", FINISHED, ago(0)))
    evaluate(instance, workspace, ended_run(instance, CHECK_STORES, dg.Failure("a file differs")))
    evaluate(instance, workspace, ended_run(instance, CHECK_STORES, None))
    job = "run/check_stores"
    assert inbox.alerts == [("problem", [job]), ("well_again", [job])]


def test_failed_run_that_is_seen_after_the_next_good_one_is_not_reported(
    instance, workspace, inbox
):
    late = ended_run(instance, REFRESH, dg.Failure("the warehouse cannot be read"))
    good = ended_run(instance, REFRESH, None)
    workspace.results.record_run(LastRun(good, FINISHED, ago(0)))
    evaluate(instance, workspace, good)
    evaluate(instance, workspace, late)
    assert inbox.alerts == []


def test_failed_run_before_a_red_one_that_published_is_not_reported(instance, workspace, inbox):
    late = ended_run(instance, REFRESH, dg.Failure("the warehouse cannot be read"))
    red = ended_run(instance, REFRESH, dg.Failure("1 document failed"))
    workspace.results.record_run(LastRun(red, FINISHED, ago(0)))
    workspace.results.record(IngestResult("011", red, ago(0), problem="held back"))
    for run_id in (late, red):
        evaluate(instance, workspace, run_id)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_run_that_dagster_ended_for_its_time_is_reported(instance, workspace, inbox):
    run_id = ended_run(instance, REFRESH, dg.Failure("Exceeded maximum runtime"))
    workspace.results.record_run(LastRun(run_id, "models", ago(0), STOPPED_BY_USER))
    evaluate(instance, workspace, run_id)
    assert "Exceeded maximum runtime" in inbox.at("/alert")[0].message["text"]


def test_run_that_fails_before_its_first_step_is_reported_with_its_reason(
    instance, workspace, inbox
):
    @dg.resource
    def broken() -> None:
        raise RunEndedError("the folder cannot be written")

    @dg.op(required_resource_keys={"broken"})
    def step() -> None:
        raise AssertionError

    @dg.job(name=REFRESH, resource_defs={"broken": broken}, tags=DOMAIN)
    def job() -> None:
        step()

    run_id = job.execute_in_process(instance=instance, raise_on_error=False).run_id
    evaluate(instance, workspace, run_id)
    assert inbox.at("/alert")[0].message["incidents"][0]["text"] == "the folder cannot be written"


def test_tick_that_cannot_be_recorded_reports_and_requests_its_runs(
    instance, sites, inbox, monkeypatch
):
    def fails(*_: object) -> None:
        raise OSError("read-only")

    data = Settings.from_environment().data
    IngestResults(data.ingest_results).record(IngestResult("011", "run", ago(0), problem="busy"))
    monkeypatch.setattr("orchestration.defs.sensors.record_tick", fails)
    workspace = Workspace.from_settings(Settings.from_environment())
    with dg.build_sensor_context(instance=instance) as context:
        sensor = build_sensor(REGISTERS, workspace, AlertSettings.from_environment())
        assert isinstance(sensor(context), dg.SensorResult)
    assert inbox.alerts == [("problem", ["document/011"])]


def test_run_of_another_project_is_ignored(instance, workspace, inbox):
    @dg.op
    def their_step() -> None:
        raise ValueError("theirs")

    @dg.job(name=REFRESH)
    def their_job() -> None:
        their_step()

    run_id = their_job.execute_in_process(instance=instance, raise_on_error=False).run_id
    assert isinstance(evaluate(instance, workspace, run_id), dg.SkipReason)
    assert inbox.received == []
