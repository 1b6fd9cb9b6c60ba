"""Builds of what changed documents concern give the same tables as builds of everything."""

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from orchestration.benchmarks.scale.made_up_archive import store_of
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import ProgressEvent, subscribed
from orchestration.validation.tables import write_tables
from orchestration.warehouse import build_cache, incremental, runner
from orchestration.warehouse.affected import read_sources
from orchestration.warehouse.builds import Build
from orchestration.warehouse.manifest import read_manifest
from orchestration.warehouse.slices import read_slices
from orchestration.warehouse.tables import TableFacts
from scrapers.files import write_bytes
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers import REGISTERS
from scrapers.replica import ReplicaAdapter
from scrapers.replica.facts import Register, load_register
from scrapers.replica.site import Site

BATCHES = 5
# What the second run finds: a new batch, one that is held back, a new version of the first, and new
# lists and notices.
CHANGED = {
    "deep_synthesis": {"001", f"{BATCHES:03}", f"{BATCHES + 1:03}"},
    "recommendation": {"2022-10"},
    "generative_services": {"2024-05"},
    "cancellation_notices": None,
}


def earlier(register: Register) -> Register:
    """The source as it was before the changes."""
    return replace(
        register.first(BATCHES - 1),
        recommendation_lists=register.recommendation_lists[:1],
        service_lists=register.service_lists[:1],
        cancellations=register.cancellations[:-10],
    )


def later(register: Register) -> Register:
    """The source with the changes: the first list has lost a row, and another one has changed.

    The last list lacks most of the rows that its position counts.
    """
    _, amended, *others = register.filings[1]
    rows = (replace(amended, products="另一个产品（APP）"), *others)
    now = register.first(BATCHES + 1)
    incomplete = replace(register.filings[BATCHES + 1][0], position="400")
    return replace(
        now,
        filings=MappingProxyType({**now.filings, 1: rows, BATCHES + 1: (incomplete,)}),
        recommendation_lists=register.recommendation_lists[:2],
        service_lists=register.service_lists[:2],
    )


def fetch(data: DataDir, register: Register, wanted: dict[str, set[str] | None]) -> list[str]:
    """Fetch documents by register; the folders of those that are held back."""
    failed: list[str] = []
    session = PoliteSession(
        Source(),
        transport=ReplicaAdapter(Site(register)),
        source_name="replica",
        requests_per_second=0,
    )
    for declared in REGISTERS:
        store = store_of(data, declared)
        results = IngestResults(data.ingest_results)
        for item in ingest(session, store, results, wanted[declared.name], "run"):
            failed += [item.result.folder] if item.result.problem else []
        write_tables(store)
    return failed


def contents(built: Build) -> dict[str, str]:
    return {name: facts.content_hash for name, facts in built.tables.items()}


def nodes_of(built: Build) -> list[str]:
    """The nodes with an event, each as often as it has one."""
    return sorted(event["data"]["node_info"]["unique_id"] for event in built.events)


@pytest.fixture
def at_any_size(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Lets changes of any size be built; whether each of the builds was one of changes."""
    monkeypatch.setattr(build_cache, "SMALLEST", 0)
    monkeypatch.setattr(incremental, "LARGEST_SHARE", 10)
    made: list[bool] = []
    build_changed = incremental.build_changed

    def recorded(*arguments: object) -> Build | None:
        built = build_changed(*arguments)
        assert built is None or built.failures == []
        made.append(built is not None)
        return built

    monkeypatch.setattr(incremental, "build_changed", recorded)
    return made


@pytest.mark.many_builds
def test_build_of_changes_gives_the_tables_of_a_whole_build(
    tmp_path: Path, at_any_size: list[bool]
):
    data, whole = DataDir(tmp_path / "data"), DataDir(tmp_path / "whole")
    shipped = load_register()
    assert fetch(data, earlier(shipped), dict.fromkeys(CHANGED)) == []
    first, _ = build_cache.bring_up_to_date(data)
    assert fetch(data, later(shipped), CHANGED) == [f"{BATCHES + 1:03}"]
    shutil.copytree(data.validated, whole.validated)

    changed, _ = build_cache.bring_up_to_date(data)
    everything, _ = build_cache.bring_up_to_date(whole)

    assert at_any_size == [True]
    assert contents(changed) == contents(everything) != contents(first)
    assert changed.warnings == everything.warnings
    assert nodes_of(changed) == nodes_of(everything)
    assert not (data.dbt / "slice").exists()
    assert build_cache.bring_up_to_date(data) == (changed, False)


def test_every_table_is_made_by_holder_or_again_and_every_test_of_models_runs_once():
    nodes = read_manifest()["nodes"].values()
    slices = read_slices()
    of_slice, of_whole = Counter(slices.of_slice), Counter(slices.of_whole)
    tables = {
        node["name"]
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["materialized"] == "replaced_table"
    }
    assert tables == set(slices.holders) | tables & {name.split(".")[-1] for name in of_whole}
    assert {"filings", "registrations", "filing_versions", "entities"} <= set(slices.holders)
    tests = {
        ".".join(node["fqn"])
        for node in nodes
        if node["resource_type"] == "test"
        and any(key.startswith("model.") for key in node["depends_on"]["nodes"])
    }
    assert {name: (of_slice + of_whole)[name] for name in tests} == dict.fromkeys(tests, 1)


def test_warning_and_count_of_a_whole_list_are_not_tested_on_a_slice():
    of_whole = {name.split(".")[-1] for name in read_slices().of_whole}
    assert "every_accepted_row_of_a_list_is_counted" in of_whole
    assert "positions_run_on_generative_services_" in of_whole


def test_document_without_accepted_rows_is_read_from_no_file(tmp_path: Path):
    """Its first version was held back, or it was announced by mistake and is removed."""
    documents = {"deep_synthesis": {"001": 1, "002": 2}, "generative_services": {}}
    (by_folder,) = (
        item for item in read_sources() if item.staging == "stg_deep_synthesis__filings"
    )
    assert by_folder.changed_rows(tmp_path, documents) is None
    path = tmp_path / "validated" / "002" / "v1.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rows")
    found = str(by_folder.changed_rows(tmp_path, documents))
    assert "validated/002/*.parquet" in found and "001" not in found
    for other in read_sources():
        if other.register == "generative_services":
            assert other.changed_rows(tmp_path, documents) is None


def test_changes_that_cannot_be_built_alone_are_built_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    data = DataDir(tmp_path)
    facts = {build_cache.ROWS: TableFacts(build_cache.SMALLEST, "1", "")}

    def build_whole(data: DataDir) -> Build:
        data.warehouse.write_bytes(b"")
        return Build([], [], [], facts)

    def fail(*arguments: object) -> Build:
        raise duckdb.IOException("no files found")

    monkeypatch.setattr(runner, "build", build_whole)
    monkeypatch.setattr(incremental, "build_changed", fail)
    monkeypatch.setattr(build_cache, "_opens", lambda *arguments, **options: True)
    build_cache.bring_up_to_date(data)
    write_bytes(data.validated / "001" / "v1.parquet", b"rows")
    events: list[ProgressEvent] = []
    with subscribed(events.append):
        built, is_new = build_cache.bring_up_to_date(data)
    assert is_new and built.tables == facts
    assert any("no files found" in event.message for event in events)
