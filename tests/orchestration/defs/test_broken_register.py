"""A whole run in which one register cannot be read: the others are published, then it fails."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import dagster as dg
import pytest

from orchestration.definitions import CONTRACTS, make_definitions
from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.inspection.status import read_status
from orchestration.publication.latest import descriptor, latest_release
from orchestration.settings import Settings
from orchestration.validation.contracts.base import Tables
from orchestration.validation.files import read_table
from scrapers.errors import FetchError
from scrapers.registers import DEEP_SYNTHESIS
from scrapers.registers.base import Discovery
from tests.orchestration.palettes import CONTRACT, PALETTES

CONTRACT_OF_MANY = replace(
    CONTRACT, tables=Tables("palettes_versions", "palettes", "palettes_quarantine")
)


def fail(*_: object) -> Discovery:
    raise FetchError("status 404", url="http://cac.test/page")


PAIRS = [*CONTRACTS, (replace(PALETTES, discover=fail), CONTRACT_OF_MANY)]


@dataclass(frozen=True)
class Run:
    """A run of the job `refresh`, and its workspace."""

    result: dg.ExecuteInProcessResult
    workspace: Workspace


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    environment = {
        "FILINGS_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "FILINGS_REPLICA_BATCHES": "1",
    }
    settings = Settings.from_environment(environment)
    defs = make_definitions(PAIRS, settings)
    config = {"resources": {"workspace": {"config": workspace_config(settings)}}}
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("refresh").execute_in_process(
            instance=instance, run_config=config, raise_on_error=False
        )
        yield Run(result, Workspace.from_settings(settings))


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
    assert [item.check_name for item in failed] == ["everything_came_through"]
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
