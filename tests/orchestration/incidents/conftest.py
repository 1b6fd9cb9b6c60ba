from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.runtime.data_dir import DataDir
from tests.support.receiver import Receiver, receiver


@pytest.fixture
def inbox() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    root = tmp_path / "data"
    root.mkdir()
    return DataDir(root)
