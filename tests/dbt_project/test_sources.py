"""The sources: columns and types as in the contracts, assets, and freshness."""

import duckdb
import polars as pl
import pytest
from dbt.artifacts.resources import SourceDefinition
from dbt.contracts.graph.manifest import Manifest

from orchestration.validation.contracts import cancellation_notices, deep_synthesis
from orchestration.validation.contracts.base import Columns
from orchestration.validation.tables import version_columns

LISTS, NOTICES = deep_synthesis.CONTRACT, cancellation_notices.CONTRACT
DECLARED = {
    "filings": LISTS.accepted_columns,
    "quarantine": LISTS.quarantine_columns,
    "list_versions": version_columns(LISTS),
    "cancellations": NOTICES.accepted_columns,
    "cancellation_notices": version_columns(NOTICES),
}
MODELS = {
    "filings": "stg_deep_synthesis__filings",
    "quarantine": "stg_deep_synthesis__quarantine",
    "list_versions": "stg_deep_synthesis__list_versions",
    "cancellations": "stg_cancellation_notices__records",
    "cancellation_notices": "stg_cancellation_notices__notices",
}
ASSETS = {
    "filings": ["deep_synthesis", "versions"],
    "quarantine": ["deep_synthesis", "versions"],
    "list_versions": ["deep_synthesis", "versions"],
    "cancellations": ["cancellation_notices", "versions"],
    "cancellation_notices": ["cancellation_notices", "versions"],
}


@pytest.fixture(scope="module")
def sources(manifest: Manifest) -> dict[str, SourceDefinition]:
    return {source.name: source for source in manifest.sources.values()}


def duckdb_types(schema: Columns) -> dict[str, str]:
    """Types with which DuckDB reads a Parquet file of this schema."""
    relation = duckdb.from_arrow(pl.DataFrame(schema=dict(schema)).to_arrow())
    return {
        name: str(kind).lower() for name, kind in zip(relation.columns, relation.types, strict=True)
    }


def test_every_source_has_a_declared_schema(sources: dict[str, SourceDefinition]):
    assert set(sources) == set(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_source_columns_match_the_contract(sources: dict[str, SourceDefinition], name: str):
    stated = {column.name: column.data_type for column in sources[name].columns.values()}
    declared = duckdb_types(DECLARED[name])
    assert stated == declared
    assert list(stated) == list(declared)  # the same order


@pytest.mark.parametrize("name", DECLARED)
def test_staging_models_have_the_columns_of_their_source(
    manifest: Manifest, sources: dict[str, SourceDefinition], name: str
):
    model = manifest.nodes[f"model.filings.{MODELS[name]}"]
    assert list(model.columns) == list(sources[name].columns)


@pytest.mark.parametrize("name", DECLARED)
def test_sources_name_the_asset_that_writes_them(sources: dict[str, SourceDefinition], name: str):
    assert sources[name].meta["dagster"]["asset_key"] == ASSETS[name]


def test_version_tables_warn_after_four_months_without_news(
    sources: dict[str, SourceDefinition],
):
    limits = {
        name: (source.loaded_at_field, source.freshness.warn_after.count)
        for name, source in sources.items()
        if source.freshness and source.freshness.warn_after.count
    }
    assert limits == {
        "list_versions": ("retrieved_at", 120),
        "cancellation_notices": ("retrieved_at", 120),
    }
    assert all(not sources[name].freshness.error_after.count for name in limits)
