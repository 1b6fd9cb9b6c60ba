"""The assets of a register: retries, failures and checks, on an invented register."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import dagster as dg
import pytest

from orchestration.definitions import make_definitions
from orchestration.defs.asset_keys import raw_key, validated_key, versions_key
from orchestration.defs.assets import materializations
from orchestration.defs.assets.registers import build_register_assets
from orchestration.defs.partitions import settle_partitions, tags_for
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.ingest.pipeline import Ingested
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.validation.contracts.base import Contract, Tables
from orchestration.validation.files import read_table
from orchestration.validation.tables import table_path
from scrapers.archive.sidecar import Version
from scrapers.errors import FetchError, TransientFetchError
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery, Register
from tests.orchestration.palettes import CONTRACT, PALETTES, palettes_workspace

AT = "2026-02-20T02:00:00+00:00"
DONE, FAILED = PALETTES.folder("2026-01"), PALETTES.folder("2026-02")


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    with palettes_workspace(tmp_path) as workspace:
        yield workspace


def refresh(
    instance: dg.DagsterInstance,
    workspace: Workspace,
    register: Register = PALETTES,
    contract: Contract = CONTRACT,
) -> dg.ExecuteInProcessResult:
    """Run the part of the job `refresh` that concerns the register."""
    defs = make_definitions([(register, contract)], workspace.settings)
    return defs.resolve_job_def("refresh").execute_in_process(
        instance=instance,
        tags=tags_for(register, None),
        asset_selection=[versions_key(register)],
        run_config={"resources": {"workspace": {"config": workspace_config(workspace.settings)}}},
        raise_on_error=False,
    )


class Source:
    """Replaces `ingest`. Each attempt ingests one document and fails for another."""

    def __init__(self, *, is_transient: bool) -> None:
        self.is_transient = is_transient
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


class Page:
    """Replaces the discovery of the register, which raises the errors in turn and then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.attempts = list(errors), 0

    def discover(self, session: PoliteSession, archived: Mapping[str, Version]) -> Discovery:
        self.attempts += 1
        if self.errors:
            raise self.errors.pop(0)
        return PALETTES.discover(session, archived)


TRANSIENT = TransientFetchError("status 503", url="http://cac.test/page")
LASTING = FetchError("status 404", url="http://cac.test/page")
ONE_FILE = replace(CONTRACT, tables=Tables("palettes_versions", "palettes", "palettes_quarantine"))


def test_transient_failure_of_the_discovery_is_retried(instance, workspace):
    page = Page(TRANSIENT)
    result = refresh(instance, workspace, replace(PALETTES, discover=page.discover))
    assert result.success and page.attempts == 2
    assert workspace.results.of_discovery(PALETTES) is None
    assert [item.folder for item in workspace.results.all()] == [DONE, FAILED]


@pytest.mark.parametrize(("errors", "attempts"), [([TRANSIENT] * 2, 2), ([LASTING], 1)])
def test_archived_documents_stay_in_use_if_the_page_cannot_be_read(
    instance, workspace, errors, attempts
):
    refresh(instance, workspace)
    store = workspace.store(PALETTES, CONTRACT)
    before = read_table(table_path(store, "palettes_versions"))
    page = Page(*errors)
    result = refresh(instance, workspace, replace(PALETTES, discover=page.discover))
    assert result.success and page.attempts == attempts
    found = {event.asset_key for event in result.get_asset_materialization_events()}
    assert found == {versions_key(PALETTES)}
    after = read_table(table_path(store, "palettes_versions"))
    assert after is not None and after.equals(before) and after["is_current"].all()
    (failed,) = workspace.results.of_run(result.run_id)
    assert (failed.folder, failed.discovery_of) == ("palettes", "Palettes")
    assert failed.problem == str(errors[0])


def test_register_without_any_document_leaves_empty_tables(instance, workspace):
    page = Page(LASTING)
    broken = replace(PALETTES, discover=page.discover)
    assert refresh(instance, workspace, broken, ONE_FILE).success
    store = workspace.store(PALETTES, ONE_FILE)
    for name in ONE_FILE.tables.names:
        table = read_table(table_path(store, name))
        assert table is not None and table.is_empty() and "document_key" in table.columns


def test_register_without_any_document_stops_if_its_files_are_read_one_by_one(instance, workspace):
    page = Page(LASTING)
    assert not refresh(instance, workspace, replace(PALETTES, discover=page.discover)).success
    stopped = workspace.results.last_run()
    assert stopped and stopped.stage == "palettes"
    assert stopped.problem == f"no list was accepted:\nPalettes: {LASTING}"


def test_register_whose_page_cannot_be_read_does_not_stop_another(instance, workspace):
    broken = replace(PALETTES, name="broken", discover=Page(LASTING).discover)
    contract = replace(ONE_FILE, tables=Tables("broken_versions", "broken", "broken_quarantine"))
    pairs = [(broken, contract), (PALETTES, CONTRACT)]
    defs = make_definitions(pairs, workspace.settings)
    result = defs.resolve_job_def("refresh").execute_in_process(
        instance=instance,
        tags=tags_for(broken, None) | tags_for(PALETTES, None),
        asset_selection=[versions_key(register) for register, _ in pairs],
        run_config={"resources": {"workspace": {"config": workspace_config(workspace.settings)}}},
    )
    assert result.success
    found = {item.folder: item.problem for item in workspace.results.of_run(result.run_id)}
    assert found == {"broken": str(LASTING), DONE: None, FAILED: None}


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


def recorded(result: dg.ExecuteInProcessResult) -> set[tuple[str, str | None]]:
    """The materializations of a run: the last part of each key, and the partition."""
    events = result.get_asset_materialization_events()
    return {(event.asset_key.path[-1], event.partition) for event in events}


DOCUMENTS = {(name, key) for name in ("raw", "validated") for key in ("2026-01", "2026-02")}


def test_unchanged_documents_are_recorded_with_one_event(instance, workspace):
    assert recorded(refresh(instance, workspace)) == {*DOCUMENTS, ("versions", None)}
    result = refresh(instance, workspace)
    assert recorded(result) == {("raw", None), ("versions", None)}
    (event,) = (
        event
        for event in result.get_asset_materialization_events()
        if event.asset_key == raw_key(PALETTES)
    )
    assert event.materialization.metadata["unchanged_documents"].value == 2
    # Each partition still has its latest materialization.
    assert instance.get_materialized_partitions(validated_key(PALETTES)) == {"2026-01", "2026-02"}


def test_documents_recorded_long_ago_are_recorded_again(instance, workspace, monkeypatch):
    """Otherwise retention could never delete the run that brought a document."""
    monkeypatch.setattr(materializations, "REPEATED_AFTER", 3)
    unchanged = {("raw", None), ("versions", None)}
    nights = [recorded(refresh(instance, workspace)) for _ in range(5)]
    assert [night == unchanged for night in nights] == [False, True, True, False, True]
    assert nights[3] == {*DOCUMENTS, ("versions", None)}


def test_documents_that_are_not_on_record_are_recorded_without_a_change(instance, workspace):
    """As after a run that was killed, or with a new DAGSTER_HOME."""
    with dg.DagsterInstance.ephemeral() as other:
        refresh(other, workspace)
    assert recorded(refresh(instance, workspace)) == {*DOCUMENTS, ("versions", None)}


def test_documents_are_recorded_again_under_a_new_contract(instance, workspace):
    refresh(instance, workspace)
    result = refresh(instance, workspace, contract=replace(CONTRACT, version="2"))
    assert recorded(result) == {*DOCUMENTS, ("versions", None)}


def test_documents_that_were_selected_by_name_are_recorded_without_a_change(instance, workspace):
    refresh(instance, workspace)
    selected = [raw_key(PALETTES), validated_key(PALETTES)]
    settle_partitions(instance, PALETTES, ["2026-01", "2026-02"])
    result = dg.materialize(
        [build_register_assets(PALETTES, CONTRACT)],
        instance=instance,
        partition_key="2026-01",
        selection=selected,
        resources={"workspace": workspace},
    )
    assert {("raw", "2026-01"), ("validated", "2026-01")} <= recorded(result)
