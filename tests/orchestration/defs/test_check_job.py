"""The job `check_stores`: it fails if a file is damaged, and does not affect sensor or schedule."""

from collections.abc import Iterator

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs.names import CHECK_STORES, DOMAIN
from orchestration.defs.resources import workspace_config
from orchestration.defs.run_history import (
    close_dead_runs,
    failures_of,
    foreign_runs,
    unfinished_runs,
)
from orchestration.runtime.run_lock import RunUnderWayError, run_lock
from orchestration.settings import Settings
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
)


@pytest.fixture
def stores(tmp_path, monkeypatch) -> Stores:
    monkeypatch.setenv("FILINGS_DATA_DIR", str(tmp_path))
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3), batch_no=2)
    return stores


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def checked(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    config = workspace_config(Settings.from_environment())
    return defs.resolve_job_def(CHECK_STORES).execute_in_process(
        instance=instance,
        run_config={"resources": {"workspace": {"config": config}}},
        raise_on_error=False,
    )


def test_check_runs_weekly_by_default():
    weekly = defs.get_schedule_def("weekly")
    assert weekly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (weekly.job_name, weekly.cron_schedule) == (CHECK_STORES, "30 4 * * 0")


def test_check_succeeds_if_all_files_match(stores, instance):
    assert checked(instance).success


def test_check_fails_and_names_damaged_file(stores, instance):
    (path,) = (stores.root / "raw" / "002").glob("*.docx")
    path.write_bytes(b"PK")
    result = checked(instance)
    assert not result.success
    (failure,) = result.get_step_failure_events()
    assert str(path) in failure.event_specific_data.user_failure_data.description


def test_failed_check_is_not_a_document_failure_or_foreign_run(stores, instance):
    (path,) = (stores.root / "raw" / "002").glob("*.docx")
    path.unlink()
    assert not checked(instance).success
    assert failures_of(instance, DEEP_SYNTHESIS, ["002"], ["002"]) == {}
    assert foreign_runs(instance) == [] and unfinished_runs(instance) == 0


def test_check_holds_the_run_lock(stores, instance, monkeypatch):
    held = []

    def look(data):
        with pytest.raises(RunUnderWayError), run_lock(data.root, patience_seconds=0):
            held.append(False)
        held.append(True)
        return []

    monkeypatch.setattr("orchestration.defs.jobs.verify", look)
    assert checked(instance).success and held == [True]


def test_dead_check_run_is_closed(stores, instance):
    run = instance.create_run_for_job(
        defs.resolve_job_def(CHECK_STORES), status=dg.DagsterRunStatus.STARTED, tags=DOMAIN
    )
    assert unfinished_runs(instance) == 1
    assert close_dead_runs(instance, stores.root) == [run.run_id]
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
