"""What the tests of validation share: stores below a folder of the test's own."""

from pathlib import Path

import pytest

from tests.orchestration.validation.list_factories import Stores


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path)
