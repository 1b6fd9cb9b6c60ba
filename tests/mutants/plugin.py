"""A pytest plugin: records what each test costs, or runs only the tests that a file names."""

import json
import os
from pathlib import Path

import pytest

# Where to write the record, and where to read the names of the tests to run.
RECORD, SELECTION = "MUTANTS_RECORD", "MUTANTS_SELECTION"
_seconds: dict[str, float] = {}
_not_passed: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SELECTION in os.environ:
        wanted = set(json.loads(Path(os.environ[SELECTION]).read_text(encoding="utf-8")))
        items[:] = [item for item in items if item.nodeid in wanted]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration
    if not report.passed:
        _not_passed.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if RECORD in os.environ and not hasattr(session.config, "workerinput"):
        passed = {test: cost for test, cost in _seconds.items() if test not in _not_passed}
        Path(os.environ[RECORD]).write_text(json.dumps(passed), encoding="utf-8")
