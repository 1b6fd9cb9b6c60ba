"""The run history: runs of this project and of others, dead runs, and failed documents."""

import dagster as dg
import pytest
import yaml
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.names import REFRESH
from orchestration.defs.run_history import (
    CODE_LOCATION,
    DEFINITIONS,
    close_dead_runs,
    failures_of,
    foreign_runs,
    unfinished_runs,
)
from orchestration.defs.sensor_decisions import Failures
from orchestration.runtime.home import DAGSTER_YAML
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import PROJECT_ROOT
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.defs.run_factories import (
    ALL,
    KEYS,
    batches,
    make_failed_run,
    make_run,
)


@dg.job
def refresh_of_another_project():
    pass


def test_runs_of_other_projects_are_not_closed(instance, data_dir):
    theirs = instance.create_run_for_job(
        refresh_of_another_project, status=dg.DagsterRunStatus.STARTED
    )
    ours = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    assert foreign_runs(instance) == ["refresh_of_another_project"]
    assert close_dead_runs(instance, data_dir) == [ours.run_id]
    assert instance.get_run_by_id(theirs.run_id).status is dg.DagsterRunStatus.STARTED
    assert unfinished_runs(instance) == 0


def test_run_of_same_job_in_other_code_location_is_foreign(instance, data_dir):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    for location, is_ours in (("filings", True), ("elsewhere", False)):
        instance.delete_run(run.run_id)
        run = run.with_status(dg.DagsterRunStatus.STARTED)._replace(
            remote_job_origin=remote_origin(location)
        )
        instance.add_run(run)
        assert unfinished_runs(instance) == int(is_ours)


@pytest.mark.parametrize(
    ("assets", "is_ours"),
    [
        ([RELEASE], True),
        ([dg.AssetKey("theirs")], False),
        ([RELEASE, dg.AssetKey("theirs")], False),
    ],
)
def test_in_process_run_of_single_assets_is_recognised_by_its_assets(
    instance, data_dir, assets, is_ours
):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    instance.delete_run(run.run_id)
    job = IMPLICIT_ASSET_JOB_NAME
    instance.add_run(run._replace(job_name=job, asset_selection=frozenset(assets)))
    assert close_dead_runs(instance, data_dir) == ([run.run_id] if is_ours else [])
    assert foreign_runs(instance) == ([] if is_ours else [job])


def test_code_location_is_recognised_by_its_module(instance):
    run = make_run(instance, dg.DagsterRunStatus.STARTED, ALL)
    for module, is_ours in ((DEFINITIONS, True), ("elsewhere.definitions", False)):
        instance.delete_run(run.run_id)
        pointer = ModuleCodePointer(module, "defs", None)
        code = RepositoryPythonOrigin("python", pointer)
        run = run._replace(
            remote_job_origin=remote_origin(module),
            job_code_origin=JobPythonOrigin(REFRESH, code),
        )
        instance.add_run(run)
        assert unfinished_runs(instance) == int(is_ours)


def test_workspace_file_names_this_code_location():
    (location,) = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())["load_from"]
    assert location["python_module"] == {
        "module_name": DEFINITIONS,
        "location_name": CODE_LOCATION,
    }


def test_run_that_never_started_is_closed_after_the_longest_start(instance, data_dir, monkeypatch):
    run = make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL)
    assert close_dead_runs(instance, data_dir) == []
    monkeypatch.setattr("orchestration.defs.run_history.MAX_START_SECONDS", -60)
    assert close_dead_runs(instance, data_dir) == [run.run_id]
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize(
    "status",
    [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.NOT_STARTED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.CANCELING,
    ],
)
def test_unfinished_run_is_counted(instance, status):
    run = make_run(instance, dg.DagsterRunStatus.NOT_STARTED, ALL)
    instance.delete_run(run.run_id)
    origin = remote_origin(CODE_LOCATION)
    instance.add_run(run._replace(remote_job_origin=origin).with_status(status))
    assert unfinished_runs(instance) == 1


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
def test_started_run_is_closed_only_if_the_lock_is_free(instance, data_dir, status):
    run = make_run(instance, status, ALL)
    with run_lock(data_dir):
        assert close_dead_runs(instance, data_dir) == []
    assert close_dead_runs(instance, data_dir) == [run.run_id]


def test_last_failure_counts_for_the_wait(instance):
    for _ in range(2):
        make_failed_run(instance, batches("001"))
    ends = [record.end_time for record in instance.get_run_records()]
    assert min(ends) < max(ends)
    failures = failures_of(instance, DEEP_SYNTHESIS, ["001", "002"], KEYS)
    assert failures == {"001": Failures(2, max(ends))}


def test_cancelled_run_counts_as_a_failure_of_its_documents(instance):
    make_failed_run(instance, batches("001"))
    run = make_run(instance, dg.DagsterRunStatus.STARTED, batches("001", "002"))
    instance.report_run_canceled(run)
    found = failures_of(instance, DEEP_SYNTHESIS, ["001", "002", "003"], KEYS)
    assert {key: failure.count for key, failure in found.items()} == {"001": 2, "002": 1}
    assert found["002"].last_at == instance.get_run_record_by_id(run.run_id).end_time


def test_failures_of_other_projects_do_not_hide_ours(instance, monkeypatch):
    monkeypatch.setattr("orchestration.defs.run_history.PAGE_SIZE", 2)
    make_run(instance, dg.DagsterRunStatus.FAILURE, {"dagster/partition": "001"})
    for _ in range(5):
        run = make_run(instance, dg.DagsterRunStatus.FAILURE, {"dagster/partition": "001"})
        instance.delete_run(run.run_id)
        instance.add_run(run._replace(remote_job_origin=remote_origin("elsewhere")))
    assert failures_of(instance, DEEP_SYNTHESIS, ["001"], KEYS)["001"].count == 1


def remote_origin(location: str) -> RemoteJobOrigin:
    code = RegisteredCodeLocationOrigin(location)
    return RemoteJobOrigin(RemoteRepositoryOrigin(code, "__repository__"), REFRESH)


@pytest.mark.parametrize(
    ("tags", "will_retry"), [(ALL, "true"), (ALL | {"dagster/max_retries": "0"}, "false")]
)
def test_dead_run_is_repeated_by_dagster_unless_the_command_line_started_it(
    tmp_path, tags, will_retry
):
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run = make_run(instance, dg.DagsterRunStatus.STARTED, tags)
        assert close_dead_runs(instance, tmp_path) == [run.run_id]
        # The failure counts as well, so the sensor waits while Dagster repeats the run.
        assert failures_of(instance, DEEP_SYNTHESIS, ["001"], KEYS)["001"].count == 1
        assert instance.get_run_by_id(run.run_id).tags["dagster/will_retry"] == will_retry


def test_run_with_a_failed_step_is_not_repeated_by_dagster(tmp_path):
    @dg.op
    def fails() -> None:
        raise dg.Failure("a document could not be read")

    @dg.job(name=REFRESH)
    def job() -> None:
        fails()

    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        assert instance.get_run_by_id(result.run_id).tags["dagster/will_retry"] == "false"
