"""The sources state the columns and types that the contracts declare, and how they are loaded."""

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
    """The types by which DuckDB reads a Parquet file of this schema."""
    relation = duckdb.from_arrow(pl.DataFrame(schema=dict(schema)).to_arrow())
    return {
        name: str(kind).lower() for name, kind in zip(relation.columns, relation.types, strict=True)
    }


def test_every_source_has_a_declared_schema(sources: dict[str, SourceDefinition]):
    assert set(sources) == set(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_columns_and_types_are_those_of_the_contract(
    sources: dict[str, SourceDefinition], name: str
):
    stated = {column.name: column.data_type for column in sources[name].columns.values()}
    declared = duckdb_types(DECLARED[name])
    assert stated == declared
    # The order is that of the files too.
    assert list(stated) == list(declared)


@pytest.mark.parametrize("name", DECLARED)
def test_a_staging_model_has_the_columns_of_its_source(
    manifest: Manifest, sources: dict[str, SourceDefinition], name: str
):
    model = manifest.nodes[f"model.filings.{MODELS[name]}"]
    assert list(model.columns) == list(sources[name].columns)


@pytest.mark.parametrize("name", DECLARED)
def test_a_source_names_the_asset_that_writes_it(sources: dict[str, SourceDefinition], name: str):
    assert sources[name].meta["dagster"]["asset_key"] == ASSETS[name]


def test_tables_of_versions_warn_when_nothing_new_came_for_four_months(
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
