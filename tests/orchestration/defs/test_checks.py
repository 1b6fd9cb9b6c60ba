"""Asset checks of contracts, cancellations and the release."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.defs.checks.contracts import check_results, check_specs
from orchestration.defs.checks.models import cancelled_by_its_own_name
from orchestration.defs.checks.release import everything_came_through
from orchestration.defs.endings import RunEndedError
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import FINISHED, Deliveries, IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.settings import Settings
from orchestration.validation.contracts.lookup import contract_of
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
)

AT = "2025-05-20T02:00:00+00:00"


def results_in(root: Path) -> IngestResults:
    return IngestResults(DataDir(root).ingest_results)


def accepted_check(stores: Stores, root: Path) -> dg.AssetCheckResult:
    """The result of the check `accepted`."""
    checked = check_results(stores.validated(), results_in(root))
    (result,) = (item for item in checked if item.check_name == "accepted")
    return result


@pytest.fixture
def workspace(data_dir: Path) -> Workspace:
    return Workspace.from_settings(Settings.from_environment())


def test_unreadable_document_fails_the_accepted_check_only(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3))
    stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    stores.validate("002")
    results = {
        item.check_name: item for item in check_results(stores.validated(), results_in(tmp_path))
    }
    assert {name for name, item in results.items() if not item.passed} == {"accepted"}
    assert results["accepted"].severity is dg.AssetCheckSeverity.ERROR
    assert "damaged" in results["accepted"].metadata["problems"].value["002"]


@pytest.mark.parametrize("folder", ["002", DEEP_SYNTHESIS.name], ids=["document", "register"])
def test_accepted_check_is_red_while_the_last_attempt_failed(tmp_path, folder):
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3))
    assert accepted_check(stores, tmp_path).passed
    failed = IngestResult(folder, "run", AT, problem="a *damaged* file", discovery_of=None)
    results_in(tmp_path).record(failed)
    red = accepted_check(stores, tmp_path)
    assert (red.passed, red.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert red.description == r"a \*damaged\* file"
    assert red.metadata["problems"].value == {folder: "a *damaged* file"}
    results_in(tmp_path).record(IngestResult(folder, "next run", AT))
    assert accepted_check(stores, tmp_path).passed


def test_accepted_check_is_red_while_an_announcement_is_not_understood(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3))
    results_in(tmp_path).record_alarms(DEEP_SYNTHESIS, ["a title"])
    red = accepted_check(stores, tmp_path)
    assert not red.passed and red.description == "announcement not understood: a title"
    results_in(tmp_path).record_alarms(DEEP_SYNTHESIS, [])
    assert accepted_check(stores, tmp_path).passed


def test_accepted_check_ignores_failures_of_other_registers(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3))
    for folder in ("recommendation", "recommendation/2026-07", "notices"):
        results_in(tmp_path).record(IngestResult(folder, "run", AT, problem="damaged"))
    assert accepted_check(stores, tmp_path).passed


def test_only_the_last_check_of_a_run_can_stop_it():
    specs = check_specs(DEEP_SYNTHESIS, contract_of(DEEP_SYNTHESIS.name))
    assert not any(spec.blocking for spec in specs)
    assert all(spec.blocking for spec in everything_came_through.check_specs)


def test_bad_row_fails_its_contract_check_as_a_warning(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, [*make_filing_rows(30), make_filing_row(31, role="?")])
    results = {
        item.check_name: item for item in check_results(stores.validated(), results_in(tmp_path))
    }
    assert {name for name, item in results.items() if not item.passed} == {"known_role"}
    failed = results["known_role"]
    assert failed.severity is dg.AssetCheckSeverity.WARN
    assert (failed.metadata["rows_checked"].value, failed.metadata["failures"].value) == (31, 1)
    (case,) = failed.metadata["top_cases"].value
    assert (case["batch_no"], case["row_no"], case["failure_value"]) == (2, 31, "?")


@pytest.mark.parametrize(("status", "passed"), [("in_doubt", False), ("own_name", True)])
def test_cancellation_in_doubt_fails_its_check(workspace, status, passed):
    with duckdb.connect(str(workspace.data.warehouse)) as warehouse:
        warehouse.execute(
            f"""
            create table cancellations as
            select '1' as filing_number, 'a' as algorithm_name, 'b' as entity_name,
                'notice_1' as notice_id, 'abc' as document_sha256, '{status}' as match_status
            """
        )
    result = cancelled_by_its_own_name(workspace=workspace)
    assert result.passed == passed
    assert result.metadata["records"].value == int(not passed)


def check_release(workspace: Workspace, run_id: str) -> tuple[dg.AssetCheckResult, str]:
    """The result of the check in a run, and the message that ends the run, if it does."""
    context: Any = SimpleNamespace(
        run=SimpleNamespace(run_id=run_id), log=SimpleNamespace(error=lambda message: None)
    )
    checked = everything_came_through.node_def.compute_fn.decorated_fn(context, workspace)
    result = next(checked)
    try:
        assert next(checked, None) is None
    except RunEndedError as error:
        return result, str(error)
    return result, ""


def test_release_check_fails_with_problems_of_the_run(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record(IngestResult("002", "run", AT, problem="*status* 503"))
    workspace.results.record(IngestResult("003", "earlier", AT, problem="not this run"))
    result, ending = check_release(workspace, "run")
    assert (result.passed, result.description) == (False, r"\*status\* 503")
    assert ending.startswith("The release is published") and ending.endswith("\n*status* 503")
    assert {name: result.metadata[name].value for name in ("documents", "failed")} == {
        "documents": 2, "failed": 1,
    }  # fmt: skip
    assert result.metadata["problems"].value == {"002": "*status* 503"}


def test_release_check_fails_once_for_announcements_that_registers_share(workspace):
    for name, title in (("deep_synthesis", "Lists"), ("cancellation_notices", "Notices")):
        failed = IngestResult(name, "run", AT, problem="status 503", discovery_of=title)
        workspace.results.record(failed)
    result, ending = check_release(workspace, "run")
    assert not result.passed and ending.splitlines()[1:] == ["Notices, Lists: status 503"]


def test_release_check_passes_without_problems(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record(IngestResult("003", "earlier", AT, problem="not this run"))
    result, ending = check_release(workspace, "run")
    assert (result.passed, result.description, ending) == (True, None, "")


def test_release_check_of_a_run_without_results_uses_the_latest(workspace):
    workspace.results.record(IngestResult("003", "earlier", AT, problem="status 503"))
    result, _ = check_release(workspace, "this check only")
    assert not result.passed


def test_release_check_fails_with_problems_of_targets(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record_deliveries(Deliveries("run", "1Z", AT, ["no *connection*"]))
    result, ending = check_release(workspace, "run")
    assert (result.passed, result.description) == (False, r"no \*connection\*")
    assert ending.endswith("\nno *connection*")
    assert result.metadata["undelivered"].value == 1
    workspace.results.record_deliveries(Deliveries("next", "1Z", AT))
    assert check_release(workspace, "run")[0].passed


def test_failures_are_counted_in_the_last_run_if_it_has_published(workspace):
    workspace.results.record(IngestResult("002", "run", AT, problem="damaged"))
    workspace.record_stage("run", FINISHED)
    check_release(workspace, "this check only")
    assert workspace.results.last_run().failures == 0
    check_release(workspace, "run")
    for last in (workspace.results.last_run(), workspace.results.last_finished()):
        assert last and last.is_finished and last.failures == 1
