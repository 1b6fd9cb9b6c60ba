"""An invented register, defined here only, which shows what it takes to add a register.

It needs one declaration and one contract. Its page links to two documents with four columns.
"""

from collections.abc import Iterator

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from orchestration.definitions import make_definitions
from orchestration.defs.asset_keys import raw_key, validated_key, versions_key
from orchestration.defs.partitions import documents_tag, known_partitions
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.defs.sensors import build_sensor
from orchestration.settings import Settings
from orchestration.validation.contracts.base import Contract, Tables
from orchestration.validation.contracts.frames import text_frame
from orchestration.validation.contracts.vocabulary import one_of, required, text_column
from orchestration.validation.tables import table_path
from scrapers.archive.facts import Facts
from scrapers.registers.base import Column, Register, TableLayout, Terms, Text
from scrapers.registers.discovery.page_attachments import page_attachments
from tests.support.docx_builder import make_docx, row, table
from tests.support.raw_server import RawServer, answer

PAGE = "/2026-01/05/c_1.htm"
COLORS = ("red", "green")

PALETTES = Register(
    name="palettes",
    title=Text("颜料备案清单", "Palettes"),
    tables=(
        TableLayout(
            columns={
                "position": Column("序号"),
                "code": Column("色卡编号"),
                "maker": Column("单位名称", aliases=("企业名称",)),
                "color": Column("颜色"),
            },
            key="code",
        ),
    ),
    key="code",
    discover=page_attachments(PAGE, label="颜料备案清单"),
    terms=Terms(rows="palettes"),
)


def palette_schema(facts: Facts) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            "row_no": pa.Column(pl.Int64, unique=True),
            "position": text_column(),
            "code": text_column(required()),
            "maker": text_column(required()),
            "color": text_column(one_of(COLORS, "known_color")),
        },
        strict=True,
    )


CONTRACT = Contract(
    version="1",
    module="tests/orchestration/test_invented_register.py",
    checks={"required": "Code and maker are filled in.", "known_color": "The color is known."},
    schema=palette_schema,
    frame=text_frame,
    row_columns={"code": pl.String, "maker": pl.String, "color": pl.String},
    identity=("code", "maker"),
    tables=Tables("palettes_versions"),
    tolerated_rows=1,
)

JANUARY = make_docx(
    table(
        row("序号", "色卡编号", "单位名称", "颜色"),
        row("1", "P-1", "甲公司", "red"),
        row("2", "P-2", "乙公司", "plaid"),
        row("3", "P-3", "丙公司", "green"),
    )
)
FEBRUARY = make_docx(
    table(row("颜色", "色卡编号", "企业名称", "序号"), row("green", "P-4", "丁公司", "1"))
)
LINKS = """<html><title>颜料备案</title><body>
<a href="/files/1.docx">附件1：颜料备案清单（2026年1月）</a>
<a href="/files/2.docx">附件2：颜料备案清单（2026年2月）</a>
<a href="/files/guide.docx">填报指南</a></body></html>"""


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    pages = {
        PAGE: answer(LINKS.encode(), content_type="text/html; charset=utf-8"),
        "/files/1.docx": answer(JANUARY),
        "/files/2.docx": answer(FEBRUARY),
    }
    with RawServer(pages) as site:
        environment = {
            "FILINGS_SOURCE": "live",
            "FILINGS_CAC_URL": site.url,
            "FILINGS_BEIAN_URL": site.url,
            "FILINGS_REQUESTS_PER_SECOND": "0",
            "FILINGS_DATA_DIR": str(tmp_path),
        }
        yield Workspace.from_settings(Settings.from_environment(environment))


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
    assert dict(request.tags) == {documents_tag(PALETTES): "2026-01,2026-02"}
    assert list(known_partitions(instance, PALETTES)) == ["2026-01", "2026-02"]


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
