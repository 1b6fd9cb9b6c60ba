"""The order of the test files, and the tests that start programs.

Slow files come first, so that both workers end at the same time: pytest-xdist hands out whole files
(`--dist loadfile --no-loadscope-reorder`). By itself it would begin with those of many tests.
"""

import pytest

# The first two are handed out at the same time, so only one of them needs a shared data directory:
# a worker that asks for it waits while the other one makes it.
SLOW_FILES = (
    "end_to_end/test_ui.py",
    "end_to_end/test_true_lists.py",
    "end_to_end/test_containers.py",
    "end_to_end/test_stops.py",
    "end_to_end/test_registers_live.py",
    "end_to_end/test_refresh.py",
    "end_to_end/test_serving.py",
    "end_to_end/test_targets.py",
    "end_to_end/test_restore.py",
    "end_to_end/test_report.py",
    "end_to_end/test_report_layout.py",
    "end_to_end/test_records.py",
    "faults/test_refreshes.py",
    "dbt_project/test_claims.py",
    "dbt_project/test_builds.py",
    "orchestration/cli/test_query_memory.py",
    # By now the worker that ran test_refreshes.py is free, and has the release that this one needs.
    "faults/test_damage.py",
    "faults/test_lists.py",
    "faults/test_notices.py",
    "faults/test_ordinals.py",
    "faults/test_stores.py",
    "faults/test_documents.py",
    "faults/test_clock.py",
)
_RANKS = {f"tests/{name}": rank for rank, name in enumerate(SLOW_FILES)}
# What these fixtures start takes seconds in each worker.
_PROGRAMS = {"shared_postgres", "shared_s3", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by the rank of their file, and mark those that start programs."""
    items.sort(key=lambda item: _RANKS.get(item.nodeid.partition("::")[0], len(_RANKS)))
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        # The shipped register is the second dbt build; the first has the unit tests.
        is_build = item.nodeid.startswith("tests/dbt_project/") and "register" in fixtures
        if is_build or fixtures & _PROGRAMS:
            item.add_marker("programs")
