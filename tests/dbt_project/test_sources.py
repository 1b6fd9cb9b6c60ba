"""The sources: columns and types as in the contracts, assets, and freshness."""

import duckdb
import polars as pl
import pytest
from dbt.artifacts.resources import SourceDefinition
from dbt.contracts.graph.manifest import Manifest

from orchestration.validation.contracts import (
    cancellation_notices,
    deep_synthesis,
    generative_services,
    recommendation,
)
from orchestration.validation.contracts.base import Columns
from orchestration.validation.tables import version_columns

LISTS, NOTICES = deep_synthesis.CONTRACT, cancellation_notices.CONTRACT
RECOMMENDATION, SERVICES = recommendation.CONTRACT, generative_services.CONTRACT
# The columns, the staging model and the register of each source.
SOURCES: dict[str, tuple[Columns, str, str]] = {
    "filings": (LISTS.accepted_columns, "filings", "deep_synthesis"),
    "quarantine": (LISTS.quarantine_columns, "quarantine", "deep_synthesis"),
    "list_versions": (version_columns(LISTS), "list_versions", "deep_synthesis"),
    "cancellations": (NOTICES.accepted_columns, "records", "cancellation_notices"),
    "cancellation_notices": (version_columns(NOTICES), "notices", "cancellation_notices"),
    "recommendation_filings": (RECOMMENDATION.accepted_columns, "filings", "recommendation"),
    "recommendation_quarantine": (
        RECOMMENDATION.quarantine_columns, "quarantine", "recommendation",
    ),
    "recommendation_lists": (version_columns(RECOMMENDATION), "list_versions", "recommendation"),
    "generative_services": (SERVICES.accepted_columns, "services", "generative_services"),
    "generative_quarantine": (SERVICES.quarantine_columns, "quarantine", "generative_services"),
    "generative_lists": (version_columns(SERVICES), "list_versions", "generative_services"),
}  # fmt: skip
DECLARED = {name: columns for name, (columns, _, _) in SOURCES.items()}
MODELS = {name: f"stg_{register}__{model}" for name, (_, model, register) in SOURCES.items()}
ASSETS = {name: [register, "versions"] for name, (_, _, register) in SOURCES.items()}


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
    versions = ("list_versions", "cancellation_notices", "recommendation_lists", "generative_lists")
    assert limits == dict.fromkeys(versions, ("retrieved_at", 120))
    assert all(not sources[name].freshness.error_after.count for name in limits)
