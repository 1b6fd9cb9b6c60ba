"""Which libraries a command imports, since most of the time of a quick command is imports."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import PROJECT

_SHOW = """
import sys
{statement}
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
LOAD = "from orchestration.cli.main import command_of; command_of({name!r})"


def imported_by(statement: str) -> set[str]:
    """The top-level modules of a new process after a statement."""
    result = subprocess.run(
        [sys.executable, "-c", _SHOW.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", ["status", "query", "refresh"])
def test_loading_a_command_imports_none_of_the_slow_libraries(name):
    slow = {"dagster", "dbt", "dagster_dbt", "polars", "pandera", "altair", "xlsxwriter"}
    assert imported_by(LOAD.format(name=name)) & slow == set()


def test_definitions_are_loaded_without_dbt():
    # They may be built in this process if this is the first that loads them.
    imported_by("import orchestration.definitions")
    imported = imported_by("import orchestration.definitions")
    assert "dagster" in imported
    assert imported & {"dbt", "dagster_dbt", "altair", "xlsxwriter"} == set()
