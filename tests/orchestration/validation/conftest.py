"""Shared fixtures: stores in the temporary folder of a test."""

import shutil
from pathlib import Path

import pytest

from tests.orchestration.validation.list_factories import Stores, make_history


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    """Empty stores."""
    return Stores(tmp_path)


@pytest.fixture(scope="session")
def history_template(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    stores = Stores(tmp_path_factory.mktemp("history"))
    make_history(stores)
    return stores


@pytest.fixture
def history(history_template: Stores, tmp_path: Path) -> Stores:
    """Stores with two batches of several versions (see `make_history`)."""
    shutil.copytree(history_template.root, tmp_path, dirs_exist_ok=True)
    return Stores(tmp_path, fetches=history_template.fetches)
