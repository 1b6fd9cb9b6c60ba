"""The marts by DuckDB over a result of the job."""

import shutil
from pathlib import Path

import pytest

from orchestration.runtime.data_dir import DataDir
from orchestration.spark.marts import OutdatedResultError, build_marts, excluded_nodes
from orchestration.warehouse.manifest import marts
from orchestration.warehouse.tables import describe_tables
from scrapers.registers import DEEP_SYNTHESIS
from tests.dbt_project.builds import BuildResult

MANIFEST = {
    "nodes": {
        "model.filings.rows": {"name": "rows"},
        "model.filings.versions": {"name": "versions"},
        "model.filings.lists": {"name": "lists"},
        "model.filings.mart": {"name": "mart"},
        "test.filings.of_rows": {"name": "of_rows"},
        "test.filings.of_versions": {"name": "of_versions"},
    },
    "child_map": {
        "model.filings.rows": ["model.filings.versions", "test.filings.of_rows"],
        "model.filings.lists": ["model.filings.versions", "model.filings.mart"],
        "model.filings.versions": ["model.filings.mart", "test.filings.of_versions"],
        "model.filings.mart": [],
    },
}


@pytest.fixture
def data(made_up: BuildResult, tmp_path: Path) -> DataDir:
    """A data directory with the validated rows of the result, and no warehouse."""
    shutil.copytree(made_up.warehouse.parent / "validated", tmp_path / "validated")
    return DataDir(tmp_path)


def test_models_that_only_given_ones_read_are_not_built():
    """The tests of given models run; those of models that are not built cannot."""
    assert excluded_nodes(MANIFEST, ["versions"]) == ["of_rows", "rows", "versions"]


def test_marts_over_a_result_are_those_of_duckdb(data: DataDir, result: Path, made_up: BuildResult):
    built, is_new = build_marts(data, str(result))
    assert is_new
    ran = {event["data"]["node_info"]["node_name"] for event in built.events}
    assert "filing_versions" in ran
    assert ran & {"int_filing_versions", "int_filing_classes", "registrations"} == set()
    by_duckdb, by_both = describe_tables(made_up.warehouse), describe_tables(data.warehouse)
    assert {mart.name: by_both[mart.name].content_hash for mart in marts()} == {
        mart.name: by_duckdb[mart.name].content_hash for mart in marts()
    }


def test_result_of_other_validated_rows_is_refused(data: DataDir, result: Path):
    path = next((data.validated / DEEP_SYNTHESIS.folder("101")).glob("*.parquet"))
    path.rename(path.with_stem("another-version"))
    with pytest.raises(OutdatedResultError, match="other validated files"):
        build_marts(data, str(result))
    assert not data.warehouse.exists()
