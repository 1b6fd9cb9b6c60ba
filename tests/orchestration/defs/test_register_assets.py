"""The assets of a register: retries, failures and checks, on an invented register."""

from collections.abc import Collection, Iterator

import dagster as dg
import pytest

from orchestration.definitions import make_definitions
from orchestration.defs.asset_keys import raw_key, validated_key, versions_key
from orchestration.defs.partitions import tags_for
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.ingest.pipeline import Ingested
from orchestration.ingest.results import IngestResult, IngestResults
from scrapers.errors import FetchError, FilingsError, TransientFetchError
from scrapers.registers.base import Register
from tests.orchestration.palettes import CONTRACT, PALETTES, palettes_workspace

AT = "2026-02-20T02:00:00+00:00"
DONE, FAILED = PALETTES.folder("2026-01"), PALETTES.folder("2026-02")


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    with palettes_workspace(tmp_path) as workspace:
        yield workspace


def refresh(
    instance: dg.DagsterInstance, workspace: Workspace, register: Register = PALETTES
) -> dg.ExecuteInProcessResult:
    """Run the part of the job `refresh` that concerns the register."""
    defs = make_definitions([(register, CONTRACT)], workspace.settings)
    return defs.resolve_job_def("refresh").execute_in_process(
        instance=instance,
        tags=tags_for(register, None),
        asset_selection=[versions_key(register)],
        run_config={"resources": {"workspace": {"config": workspace_config(workspace.settings)}}},
        raise_on_error=False,
    )


class Source:
    """Replaces `ingest`. Each attempt ingests one document and fails for another, or raises."""

    def __init__(self, *, is_transient: bool, error: FilingsError | None = None) -> None:
        self.is_transient, self.error = is_transient, error
        self.attempts: list[set[str]] = []

    def ingest(
        self,
        session: object,
        store: object,
        results: IngestResults,
        wanted: object,
        run_id: str,
        done: Collection[str],
    ) -> Iterator[Ingested]:
        self.attempts.append(set(done))
        if self.error:
            raise self.error
        results.record(IngestResult(DONE, run_id, AT))
        failed = IngestResult(
            FAILED, run_id, AT, problem="503", is_transient=self.is_transient, remarks=["gone"]
        )
        results.record(failed)
        yield Ingested(failed, None, 2)


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.defs.assets.step_retries.HTTP_RETRY_SECONDS", 0)


@pytest.mark.parametrize(("is_transient", "attempts"), [(True, [set(), {DONE}]), (False, [set()])])
def test_step_is_retried_once_after_transient_failure_of_a_document(
    instance, workspace, monkeypatch, is_transient, attempts
):
    source = Source(is_transient=is_transient)
    monkeypatch.setattr("orchestration.defs.assets.registers.ingest", source.ingest)
    result = refresh(instance, workspace)
    assert not result.success
    assert source.attempts == attempts
    stopped = workspace.results.last_run()
    assert stopped and stopped.stage == "palettes"
    assert stopped.problem == "no list was accepted:\n503"
    warnings = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert warnings.count("gone") == len(attempts)


@pytest.mark.parametrize(
    ("error", "attempts"), [(TransientFetchError("status 503"), 2), (FetchError("status 404"), 1)]
)
def test_step_is_retried_once_if_discovery_fails_transiently(
    instance, workspace, monkeypatch, error, attempts
):
    source = Source(is_transient=False, error=error)
    monkeypatch.setattr("orchestration.defs.assets.registers.ingest", source.ingest)
    assert not refresh(instance, workspace).success
    assert len(source.attempts) == attempts
    stopped = workspace.results.last_run()
    assert stopped and "status" in (stopped.problem or "")


def test_materializations_have_data_versions_of_content(instance, workspace):
    result = refresh(instance, workspace)
    store = workspace.store(PALETTES, CONTRACT)
    version = store.archive.latest(DONE, PALETTES.role)
    tags = {
        event.asset_key: event.materialization.tags["dagster/data_version"]
        for event in result.get_asset_materialization_events()
        if event.partition == "2026-01"
    }
    assert tags == {
        raw_key(PALETTES): version.sha256,
        validated_key(PALETTES): f"{version.content_sha256}/{CONTRACT.version}",
    }
