"""An empty archive for each test."""

from pathlib import Path

import pytest

from scrapers.archive.store import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "raw")
