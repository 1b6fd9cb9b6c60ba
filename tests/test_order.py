"""The order in which `make test` hands out the files."""

import pytest

from tests.conftest import SLOW_FILES
from tests.support.paths import PROJECT


def test_every_slow_file_exists():
    assert [name for name in SLOW_FILES if not (PROJECT / "tests" / name).is_file()] == []


def test_slow_files_come_first(request: pytest.FixtureRequest):
    files = list(dict.fromkeys(item.nodeid.split("::")[0] for item in request.session.items))
    slow = [name for name in (f"tests/{name}" for name in SLOW_FILES) if name in files]
    assert files[: len(slow)] == slow
