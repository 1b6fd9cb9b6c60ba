"""The order of the test files: slow ones first, so that both workers end at the same time.

pytest-xdist hands out whole files (`--dist loadfile --no-loadscope-reorder`) in this order. By
itself it would begin with those of many tests, and one worker would be idle at the end.
"""

import pytest

# Files that start from the same directory follow one another with others between them: a worker
# that asks for a directory waits while the other one makes it.
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
    "faults/test_damage.py",
    "dbt_project/test_builds.py",
    "orchestration/cli/test_query_memory.py",
    "faults/test_lists.py",
    "faults/test_notices.py",
    "faults/test_ordinals.py",
    "faults/test_stores.py",
    "faults/test_documents.py",
    "faults/test_clock.py",
)
_RANKS = {f"tests/{name}": rank for rank, name in enumerate(SLOW_FILES)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by the rank of their file; all others keep their order."""
    items.sort(key=lambda item: _RANKS.get(item.nodeid.partition("::")[0], len(_RANKS)))
