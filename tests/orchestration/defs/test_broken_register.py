"""A whole run in which one register cannot be read: the others are published, then it fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import dagster as dg
import pytest
from dagster._core.events import JobFailureData
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

from orchestration.definitions import CONTRACTS, make_definitions
from orchestration.defs.asset_keys import RELEASE, raw_key, versions_key
from orchestration.defs.assets.models import DBT_CHECKS
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.inspection.status import read_status
from orchestration.publication.latest import descriptor, latest_release
from orchestration.settings import Settings
from orchestration.validation.contracts.base import Tables
from orchestration.validation.files import read_table
from scrapers.errors import FetchError
from scrapers.registers import DEEP_SYNTHESIS
from scrapers.registers.base import Discovery
from tests.end_to_end.commands import without_documents
from tests.orchestration.palettes import CONTRACT, PALETTES

pytestmark = pytest.mark.many_builds

CONTRACT_OF_MANY = replace(
    CONTRACT, tables=Tables("palettes_versions", "palettes", "palettes_quarantine")
)


def fail(*_: object) -> Discovery:
    raise FetchError("status 404", url="http://cac.test/page")


PAIRS = [*CONTRACTS, (replace(PALETTES, discover=fail), CONTRACT_OF_MANY)]


@dataclass(frozen=True)
class Run:
    """Two runs of the job `refresh` over the same source, with the checks as they are then.

    `checked` is a run of one check of the models, as started in the UI.
    """

    result: dg.ExecuteInProcessResult
    unchanged: dg.ExecuteInProcessResult
    checked: dg.ExecuteInProcessResult
    workspace: Workspace
    checks: Mapping[dg.AssetCheckKey, AssetCheckExecutionRecord]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    environment = {
        "FILINGS_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "FILINGS_REPLICA_BATCHES": "1",
    }
    settings = Settings.from_environment(environment)
    defs = make_definitions(PAIRS, settings)
    config = {"resources": {"workspace": {"config": workspace_config(settings)}}}
    with dg.DagsterInstance.ephemeral() as instance, without_documents():
        results = [
            defs.resolve_job_def("refresh").execute_in_process(
                instance=instance, run_config=config, raise_on_error=False
            )
            for _ in range(2)
        ]
        checks = instance.event_log_storage.get_latest_asset_check_execution_by_key(
            list(defs.resolve_asset_graph().asset_check_keys)
        )
        job = defs.resolve_implicit_global_asset_job_def()
        checked = job.get_subset(asset_check_selection={DBT_CHECKS[0].key}).execute_in_process(
            instance=instance, run_config=config
        )
        yield Run(*results, checked, Workspace.from_settings(settings), checks)


def test_other_registers_are_published(run: Run):
    release = latest_release(run.workspace.data.published)
    assert release is not None
    assert descriptor(release)["batches"] == [{"batch_no": 1, "filings": 41}]
    keys = [event.asset_key for event in run.result.get_asset_materialization_events()]
    assert RELEASE in keys


def test_run_fails_at_its_last_check_with_the_problem(run: Run):
    assert not run.result.success
    failed = [
        item
        for item in run.result.get_asset_check_evaluations()
        if not item.passed and item.severity is dg.AssetCheckSeverity.ERROR
    ]
    assert {item.check_name for item in failed} == {"accepted", "everything_came_through"}
    assert {item.asset_key for item in failed} == {versions_key(PALETTES), RELEASE}
    steps = [event.step_key for event in run.result.get_step_failure_events()]
    assert len(steps) == 1 and "everything_came_through" in (steps[0] or "")
    (problem,) = [item.problem for item in run.workspace.results.all() if item.problem]
    assert problem == "status 404 [http://cac.test/page]"


def test_status_shows_the_problem_and_the_documents_of_the_others(run: Run):
    status = read_status(run.workspace.data, PAIRS)
    assert status.problems == ["Palettes: status 404 [http://cac.test/page]"]
    assert status.of(PALETTES).keys == [] and status.of(DEEP_SYNTHESIS).keys == ["001"]
    assert status.last_finished is not None


def test_register_without_any_document_has_empty_tables(run: Run):
    for name in CONTRACT_OF_MANY.tables.names:
        table = read_table(run.workspace.data.validated / f"{name}.parquet")
        assert table is not None and table.is_empty()


def test_run_ends_with_the_problem_and_no_stack(run: Run):
    ending = run.result.get_run_failure_event().event_specific_data
    assert isinstance(ending, JobFailureData) and ending.error
    first, problem = ending.error.to_string().splitlines()
    assert first.startswith("The release is published")
    assert problem == "Palettes: status 404 [http://cac.test/page]"


def test_red_run_that_published_counts_its_failures(run: Run):
    last = run.workspace.results.last_run()
    assert last and last.is_finished and last.failures == 1


def test_tests_of_the_models_are_recorded_by_the_run_that_builds_them(run: Run):
    names = {spec.key for spec in DBT_CHECKS}
    evaluated = {item.asset_check_key for item in run.result.get_asset_check_evaluations()}
    assert names <= evaluated


def test_failed_run_over_unchanged_models_leaves_their_checks_as_they_are(run: Run):
    """A check that is planned, but not evaluated, would be shown as failed."""
    assert not run.unchanged.success
    assert AssetCheckExecutionRecordStatus.PLANNED not in {
        record.status for record in run.checks.values()
    }
    names = {spec.key for spec in DBT_CHECKS}
    assert {run.checks[name].run_id for name in names} == {run.result.run_id}
    assert {run.checks[name].run_id for name in {*run.checks} - names} == {run.unchanged.run_id}


def test_check_of_a_model_that_is_run_by_name_is_evaluated_without_a_build(run: Run):
    evaluated = [item.asset_check_key for item in run.checked.get_asset_check_evaluations()]
    assert DBT_CHECKS[0].key in evaluated
    assert list(run.checked.get_asset_materialization_events()) == []


def test_unchanged_documents_refresh_their_raw_asset_but_a_broken_register_does_not(run: Run):
    keys = [event.asset_key for event in run.unchanged.get_asset_materialization_events()]
    assert raw_key(DEEP_SYNTHESIS) in keys and RELEASE in keys
    assert raw_key(PALETTES) not in keys
