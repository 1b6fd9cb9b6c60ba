"""Asset checks of contracts, cancellations and the release."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.defs.checks.contracts import check_results
from orchestration.defs.checks.models import cancelled_by_its_own_name
from orchestration.defs.checks.release import everything_came_through
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import Deliveries, IngestResult
from orchestration.settings import Settings
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
)

AT = "2025-05-20T02:00:00+00:00"


@pytest.fixture
def workspace(data_dir: Path) -> Workspace:
    return Workspace.from_settings(Settings.from_environment())


def test_unreadable_document_fails_the_accepted_check_only(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3))
    stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    stores.validate("002")
    results = {item.check_name: item for item in check_results(stores.validated())}
    assert {name for name, item in results.items() if not item.passed} == {"accepted"}
    assert results["accepted"].severity is dg.AssetCheckSeverity.ERROR
    assert "damaged" in results["accepted"].metadata["refused"].value["002"]


def test_bad_row_fails_its_contract_check_as_a_warning(tmp_path):
    stores = Stores(tmp_path)
    archive_and_validate(stores, [*make_filing_rows(30), make_filing_row(31, role="?")])
    results = {item.check_name: item for item in check_results(stores.validated())}
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


def check_release(workspace: Workspace, run_id: str) -> tuple[dg.AssetCheckResult, list[str]]:
    """The result of the check in a run, and the errors that it logs."""
    errors: list[str] = []
    context: Any = SimpleNamespace(
        run=SimpleNamespace(run_id=run_id), log=SimpleNamespace(error=errors.append)
    )
    return everything_came_through.node_def.compute_fn.decorated_fn(context, workspace), errors


def test_release_check_fails_with_problems_of_the_run(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record(IngestResult("002", "run", AT, problem="*status* 503"))
    workspace.results.record(IngestResult("003", "earlier", AT, problem="not this run"))
    result, errors = check_release(workspace, "run")
    assert (result.passed, result.description) == (False, r"\*status\* 503")
    assert errors == ["*status* 503"]
    assert {name: result.metadata[name].value for name in ("documents", "failed")} == {
        "documents": 2, "failed": 1,
    }  # fmt: skip
    assert result.metadata["problems"].value == {"002": "*status* 503"}


def test_release_check_fails_once_for_announcements_that_registers_share(workspace):
    for name, title in (("deep_synthesis", "Lists"), ("cancellation_notices", "Notices")):
        failed = IngestResult(name, "run", AT, problem="status 503", discovery_of=title)
        workspace.results.record(failed)
    result, errors = check_release(workspace, "run")
    assert not result.passed and errors == ["Notices, Lists: status 503"]


def test_release_check_passes_without_problems(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record(IngestResult("003", "earlier", AT, problem="not this run"))
    result, errors = check_release(workspace, "run")
    assert (result.passed, result.description, errors) == (True, None, [])


def test_release_check_of_a_run_without_results_uses_the_latest(workspace):
    workspace.results.record(IngestResult("003", "earlier", AT, problem="status 503"))
    result, _ = check_release(workspace, "this check only")
    assert not result.passed


def test_release_check_fails_with_problems_of_targets(workspace):
    workspace.results.record(IngestResult("001", "run", AT))
    workspace.results.record_deliveries(Deliveries("run", "1Z", AT, ["no *connection*"]))
    result, errors = check_release(workspace, "run")
    assert (result.passed, result.description) == (False, r"no \*connection\*")
    assert errors == ["no *connection*"]
    assert result.metadata["undelivered"].value == 1
    workspace.results.record_deliveries(Deliveries("next", "1Z", AT))
    assert check_release(workspace, "run")[0].passed
