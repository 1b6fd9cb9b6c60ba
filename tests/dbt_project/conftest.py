"""Warehouses that many tests share. Tests only read them.

`register` holds the shipped register, built with all data tests; `made_up` holds made-up lists
(`made_up.py`) and the results of the dbt unit tests. Each is built once per test session, also when
several processes run the tests.
"""

import os
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from scrapers.replica.facts import load_register
from tests.dbt_project import made_up as lists
from tests.dbt_project.attached_lists import (
    shipped_recommendation,
    shipped_services,
    write_attached,
)
from tests.dbt_project.builds import BuildResult, build_once, load_manifest, run_dbt
from tests.dbt_project.validated_data import shipped_lists, write_validated


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    return load_manifest()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test session that all processes of pytest-xdist have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def register(manifest: Manifest, shared_folder: Path) -> BuildResult:
    def build(data: Path) -> BuildResult:
        write_validated(data, shipped_lists(), load_register().cancellations)
        write_attached(data, shipped_recommendation(), shipped_services())
        return run_dbt(manifest, data, ["build", "--exclude-resource-type", "unit_test"])

    return build_once(shared_folder / "dbt_register", build)


@pytest.fixture(scope="session")
def made_up(manifest: Manifest, shared_folder: Path) -> BuildResult:
    def build(data: Path) -> BuildResult:
        write_validated(data, lists.LISTS, lists.RECORDS)
        write_attached(data, lists.RECOMMENDATION, lists.SERVICES)
        seeds_and_models = ["build", "--exclude-resource-type", "unit_test", "test"]
        return run_dbt(manifest, data, seeds_and_models, ["test", "--select", "test_type:unit"])

    return build_once(shared_folder / "dbt_made_up", build)
