"""Builds of what changed documents concern give the same tables as builds of everything."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from orchestration.benchmarks.scale.made_up_archive import store_of
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.validation.tables import write_tables
from orchestration.warehouse import build_cache, incremental
from orchestration.warehouse.builds import Build
from orchestration.warehouse.slices import read_slices
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers import REGISTERS
from scrapers.replica import ReplicaAdapter
from scrapers.replica.facts import Register, load_register
from scrapers.replica.site import Site

BATCHES = 5
# What the second run finds: a new batch, a new version of the first, and new lists and notices.
CHANGED = {
    "deep_synthesis": {"001", f"{BATCHES:03}"},
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
    """The source with the changes: the first list has lost a row, and another one has changed."""
    _, amended, *others = register.filings[1]
    rows = (replace(amended, products="另一个产品（APP）"), *others)
    now = register.first(BATCHES)
    return replace(
        now,
        filings=MappingProxyType({**now.filings, 1: rows}),
        recommendation_lists=register.recommendation_lists[:2],
        service_lists=register.service_lists[:2],
    )


def fetch(data: DataDir, register: Register, wanted: dict[str, set[str] | None]) -> None:
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
            assert item.result.problem is None
        write_tables(store)


def contents(built: Build) -> dict[str, str]:
    return {name: facts.content_hash for name, facts in built.tables.items()}


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
    fetch(data, earlier(shipped), dict.fromkeys(CHANGED))
    first, _ = build_cache.bring_up_to_date(data)
    fetch(data, later(shipped), CHANGED)
    shutil.copytree(data.validated, whole.validated)

    changed, _ = build_cache.bring_up_to_date(data)
    everything, _ = build_cache.bring_up_to_date(whole)

    assert at_any_size == [True]
    assert contents(changed) == contents(everything) != contents(first)
    assert changed.warnings == everything.warnings
    assert not (data.dbt / "slice").exists()
    assert build_cache.bring_up_to_date(data) == (changed, False)


def test_every_table_is_made_by_holder_or_again_as_a_whole():
    """Each model and test is in one of the two builds, and no table in both."""
    slices = read_slices()
    names = {selector.rpartition(".")[2] for selector in slices.of_whole}
    assert names.isdisjoint(slices.holders)
    assert {"filings", "registrations", "filing_versions", "entities"} <= set(slices.holders)
    assert {"batches", "sectors_by_batch", "article_claims"} <= names
