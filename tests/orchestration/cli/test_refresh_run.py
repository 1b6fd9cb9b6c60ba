"""One refresh from the command line, with a job of one step instead of the pipeline's job."""

import json
from dataclasses import replace
from typing import Any

import dagster as dg
import pytest
import sqlalchemy
from dagster._core.utils import make_new_run_id

from orchestration.cli import refresh_run
from orchestration.defs.names import DOMAIN, REFRESH
from orchestration.defs.partitions import ALL, LABELS_TAG, documents_tag
from orchestration.ingest.results import Deliveries, IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import (
    MixedSourcesError,
    record_source,
    recorded_sources,
)
from scrapers.errors import FilingsError
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.registers.base import Discovery, Register
from tests.orchestration.cli.refreshes import LISTS, partitions
from tests.orchestration.defs.run_factories import make_run


def test_refresh_runs_the_job_over_all_announced_documents(home, refresh):
    refreshed, job = refresh()
    assert refreshed.documents[:3] == LISTS and len(refreshed.documents) == 3 + 7
    assert refreshed.problems == [] and refreshed.warnings == []
    assert job.tags == {
        documents_tag(DEEP_SYNTHESIS): ALL,
        documents_tag(CANCELLATION_NOTICES): ALL,
        LABELS_TAG: "all documents",
        "user": "filings refresh",
        # Dagster's daemon must not announce that it repeats a run that it has not launched.
        "dagster/max_retries": "0",
    }
    assert partitions(home, DEEP_SYNTHESIS) == {"001", "002", "003"}
    assert len(partitions(home, CANCELLATION_NOTICES)) == 7


def test_job_gets_the_data_directory_and_prints_no_log(tmp_path, refresh):
    _, job = refresh()
    assert str(tmp_path) in str(job.config["resources"])
    assert job.config["loggers"]["console"]["config"] == {"log_level": "CRITICAL"}


def test_run_whose_process_was_killed_is_closed_as_failed(home, refresh):
    with dg.DagsterInstance.from_config(str(home)) as instance:
        killed = make_run(instance, dg.DagsterRunStatus.STARTED, {})
    refresh()
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run = instance.get_run_by_id(killed.run_id)
    assert run is not None and run.status == dg.DagsterRunStatus.FAILURE


def _fail_with_description(_: dg.OpExecutionContext) -> None:
    raise dg.Failure("a test of the models failed")


def _fail_with_cause(_: dg.OpExecutionContext) -> None:
    raise RuntimeError("second") from ValueError("first")


def _fail_on_a_full_disk(_: dg.OpExecutionContext) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (_fail_with_description, "a test of the models failed"),
        (_fail_with_cause, "ValueError: first"),
        (_fail_on_a_full_disk, "the disk is full"),
    ],
)
def test_failure_of_a_step_is_one_problem_without_a_traceback(refresh, step, problem):
    (found,) = refresh(step=step)[0].problems
    assert problem in found and "Traceback" not in found and "second" not in found


def test_failed_documents_of_the_run_are_the_problems(tmp_path, refresh):
    def step(context: dg.OpExecutionContext) -> None:
        results = IngestResults(tmp_path / "ingest_results")
        for folder, run_id in (("001", context.run_id), ("002", "another run")):
            at = "2026-01-01T00:00:00+00:00"
            results.record(IngestResult(folder, run_id, at, problem=f"{folder}: status 503"))
        raise dg.Failure("The release is published without:\n001: status 503")

    assert refresh(step=step)[0].problems == ["001: status 503"]


def test_targets_that_did_not_get_the_release_of_the_run_are_problems(tmp_path, refresh):
    results = IngestResults(tmp_path / "ingest_results")
    at = "2026-01-01T00:00:00+00:00"

    def step(context: dg.OpExecutionContext) -> None:
        results.record_deliveries(Deliveries(context.run_id, "1Z", at, ["no connection"]))
        raise dg.Failure("the release is published, but:\nno connection")

    def stopped_earlier(_: dg.OpExecutionContext) -> None:
        raise dg.Failure("a test of the models failed")

    assert refresh(step=step)[0].problems == ["no connection"]
    assert refresh(step=stopped_earlier)[0].problems == ["a test of the models failed"]


def test_failure_that_concerns_no_document_is_a_problem_besides_failed_documents(tmp_path, refresh):
    def step(context: dg.OpExecutionContext) -> None:
        results = IngestResults(tmp_path / "ingest_results")
        at = "2026-01-01T00:00:00+00:00"
        results.record(IngestResult("001", context.run_id, at, problem="001: status 503"))
        raise dg.Failure("a test of the models failed")

    assert refresh(step=step)[0].problems == ["001: status 503", "a test of the models failed"]


def test_unreadable_and_unrecognised_notices_are_problems_and_gaps_are_warnings(
    refresh, monkeypatch
):
    discover = refresh_run.discover

    def discovered(session: Any, register: Register, *stores: Any) -> Discovery:
        found = discover(session, register, *stores)
        if register != DEEP_SYNTHESIS:
            return found
        return replace(
            found,
            problems=(FilingsError("no date"),),
            unrecognised=(FilingsError("notice n-7"),),
            gaps=("batch 002",),
        )

    monkeypatch.setattr(refresh_run, "discover", discovered)
    refreshed, _ = refresh()
    assert refreshed.problems == [
        "announcement cannot be read: no date",
        "announcement not recognised: notice n-7",
    ]
    assert refreshed.warnings == ["no announcement found for batch 002"]


def test_remarks_about_documents_and_warnings_of_the_build_are_warnings(tmp_path, refresh):
    at = "2026-01-01T00:00:00+00:00"
    results = IngestResults(tmp_path / "ingest_results")
    results.record(IngestResult("001", "earlier run", at, remarks=["gone since 2026-01-01"]))
    record = tmp_path / "dbt" / "last_build.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"build": {"warnings": ["a note is unknown"]}}))
    assert refresh()[0].warnings == ["gone since 2026-01-01", "a note is unknown"]


def test_source_is_recorded_before_the_first_fetch(tmp_path, refresh, monkeypatch):
    seen: list[tuple[str, ...]] = []

    def discovered(*_: Any) -> Discovery:
        seen.append(recorded_sources(DataDir(tmp_path)))
        raise FilingsError("no connection")

    monkeypatch.setattr(refresh_run, "discover", discovered)
    refresh()
    assert set(seen) == {("replica",)}


def test_source_that_is_not_recorded_is_refused_unless_it_is_added(tmp_path, refresh):
    data = DataDir(tmp_path)
    record_source(data, "live")
    with pytest.raises(MixedSourcesError):
        refresh()
    assert recorded_sources(data) == ("live",)
    assert refresh(adds_source=True)[0].problems == []
    assert recorded_sources(data) == ("live", "replica")
    assert refresh()[0].problems == []


def test_dagster_home_shared_with_another_project_is_a_warning(home, refresh):
    @dg.job
    def another_projects_job() -> None: ...

    with dg.DagsterInstance.from_config(str(home)) as instance:
        another_projects_job.execute_in_process(instance=instance)
    (warning,) = refresh()[0].warnings
    assert "also holds runs of" in warning and "another_projects_job" in warning


def test_refresh_deletes_old_runs_at_its_end(home, refresh):
    with dg.DagsterInstance.from_config(str(home)) as instance:
        old = [instance.add_run(finished_run()).run_id for _ in range(15)]
    assert refresh()[0].warnings == []
    with dg.DagsterInstance.from_config(str(home)) as instance:
        left = {run.run_id for run in instance.get_runs()}
    assert len(left) == 14 and set(old) - left == {*old[:2]}


def finished_run() -> dg.DagsterRun:
    return dg.DagsterRun(
        REFRESH, make_new_run_id(), status=dg.DagsterRunStatus.SUCCESS, tags=dict(DOMAIN)
    )


def test_old_runs_that_cannot_be_deleted_are_a_warning(refresh, monkeypatch):
    def purge(*_: object) -> None:
        raise sqlalchemy.exc.OperationalError("delete", {}, Exception("database is locked"))

    monkeypatch.setattr(refresh_run, "purge", purge)
    refreshed, _ = refresh()
    assert refreshed.problems == []
    (warning,) = refreshed.warnings
    assert warning.startswith("old runs were not deleted") and "database is locked" in warning
