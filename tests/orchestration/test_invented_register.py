"""Adding a register takes one declaration and one contract, as in `palettes`."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import polars as pl
import pytest

from orchestration.definitions import make_definitions
from orchestration.defs.asset_keys import raw_key, validated_key, versions_key
from orchestration.defs.partitions import LABELS_TAG, documents_tag, known_partitions
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.defs.sensors import build_sensor
from orchestration.publication.latest import DESCRIPTOR, switch_latest
from orchestration.validation.tables import table_path
from scrapers.errors import FetchError
from scrapers.files import write_json
from scrapers.registers.base import Discovery, Text
from tests.orchestration.palettes import CONTRACT, PALETTES, palettes_workspace


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    with palettes_workspace(tmp_path) as workspace:
        yield workspace


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def ingest(instance: dg.DagsterInstance, workspace: Workspace) -> dg.ExecuteInProcessResult:
    """Run the job `refresh` for the register, with the tags that the sensor requests."""
    defs = make_definitions([(PALETTES, CONTRACT)], workspace.settings)
    with dg.build_sensor_context(instance=instance) as context:
        (request,) = build_sensor([PALETTES], workspace)(context).run_requests
    return defs.resolve_job_def("refresh").execute_in_process(
        instance=instance,
        tags=request.tags,
        asset_selection=[versions_key(PALETTES)],
        run_config={"resources": {"workspace": {"config": workspace_config(workspace.settings)}}},
    )


def test_sensor_adds_partitions_and_requests_documents(instance, workspace):
    with dg.build_sensor_context(instance=instance) as context:
        (request,) = build_sensor([PALETTES], workspace)(context).run_requests
    assert request.tags[documents_tag(PALETTES)] == "2026-01,2026-02"
    assert request.tags[LABELS_TAG] == "list 2026-01, list 2026-02"
    assert list(known_partitions(instance, PALETTES)) == ["2026-01", "2026-02"]


def test_sensor_requests_documents_although_another_register_cannot_be_read(instance, workspace):
    def discover(*_: object) -> Discovery:
        raise FetchError("status 404", url="http://cac.test/page")

    broken = replace(PALETTES, name="broken", title=Text("坏", "Broken"), discover=discover)
    sensor = build_sensor([broken, PALETTES], workspace)
    with dg.build_sensor_context(instance=instance) as context:
        (request,) = sensor(context).run_requests
        assert request.tags[documents_tag(PALETTES)] == "2026-01,2026-02"
        release = workspace.data.published / "20260301T000000Z"
        documents = {PALETTES.folder(key): 1 for key in ("2026-01", "2026-02")}
        write_json(release / DESCRIPTOR, {"documents": documents})
        switch_latest(workspace.data.published, release.name)
        with pytest.raises(FetchError, match=r"status 404 \[Broken, http://cac.test/page\]"):
            sensor(context)


def test_assets_and_checks_come_from_declaration(workspace):
    defs = make_definitions([(PALETTES, CONTRACT)], workspace.settings)
    graph = defs.resolve_asset_graph()
    assert {raw_key(PALETTES), validated_key(PALETTES), versions_key(PALETTES)} <= set(
        graph.get_all_asset_keys()
    )
    assert graph.get(validated_key(PALETTES)).partitions_def.name == "palettes_documents"
    checks = {key.name for key in graph.asset_check_keys if key.asset_key == versions_key(PALETTES)}
    assert checks == {"required", "known_color", "accepted"}


def test_run_materializes_documents_and_evaluates_checks(instance, workspace):
    result = ingest(instance, workspace)
    assert result.success
    found = {
        (event.asset_key, event.partition) for event in result.get_asset_materialization_events()
    }
    assert found == {
        (key(PALETTES), month)
        for key in (raw_key, validated_key)
        for month in ("2026-01", "2026-02")
    } | {(versions_key(PALETTES), None)}
    passed = {item.check_name: item.passed for item in result.get_asset_check_evaluations()}
    assert passed == {"required": True, "known_color": False, "accepted": True}


def test_run_of_one_partition_fetches_that_document_only(instance, workspace):
    instance.add_dynamic_partitions("palettes_documents", ["2026-01", "2026-02"])
    defs = make_definitions([(PALETTES, CONTRACT)], workspace.settings)
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        partition_key="2026-02",
        asset_selection=[raw_key(PALETTES), validated_key(PALETTES)],
        run_config={"resources": {"workspace": {"config": workspace_config(workspace.settings)}}},
    )
    found = {
        (event.asset_key, event.partition) for event in result.get_asset_materialization_events()
    }
    assert found == {
        (raw_key(PALETTES), "2026-02"),
        (validated_key(PALETTES), "2026-02"),
        (versions_key(PALETTES), None),
    }


def test_bad_rows_are_quarantined_with_reasons(instance, workspace):
    ingest(instance, workspace)
    store = workspace.store(PALETTES, CONTRACT)
    january, february = (store.current(folder) for folder in store.folders())
    assert store.rows(january).select("document_key", "row_no", "code", "color").rows() == [
        ("2026-01", 1, "P-1", "red"),
        ("2026-01", 3, "P-3", "green"),
    ]
    assert store.rows(february)["maker"].to_list() == ["丁公司"]
    (case,) = store.quarantine(january).to_dicts()
    assert (case["row_no"], case["check_name"], case["failure_value"]) == (
        2,
        "known_color",
        "plaid",
    )
    assert (case["code"], case["maker"]) == ("P-2", "乙公司")


def test_table_of_versions_has_source_of_each_document(instance, workspace):
    ingest(instance, workspace)
    store = workspace.store(PALETTES, CONTRACT)
    versions = pl.read_parquet(table_path(store, "palettes_versions"))
    shown = versions.select("document_key", "month", "status", "rows_accepted", "document_kind")
    assert shown.rows() == [
        ("2026-01", "2026-01", "accepted", 2, "docx"),
        ("2026-02", "2026-02", "accepted", 1, "docx"),
    ]
    assert versions["source_url"].to_list() == [
        f"{workspace.cac_url}/files/1.docx", f"{workspace.cac_url}/files/2.docx",
    ]  # fmt: skip
