"""What the README shows is what the program prints."""

import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.running import Finished, command

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(
    r'^\$ \.venv/bin/filings query "(.*?)"\n(.*?)^```', README, re.MULTILINE | re.DOTALL
)


def test_it_shows_queries():
    assert len(SHOWN) == 5


@pytest.mark.parametrize(("sql", "output"), SHOWN)
def test_a_query_prints_what_the_readme_shows(
    sql: str, output: str, first_run: tuple[Finished, Path]
):
    _, data_dir = first_run
    printed = command(data_dir, "query", sql).out.splitlines()
    assert printed[:-1] == output.splitlines()


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:FILINGS|DAGSTER)_[A-Z_]+)`", README)))
)
def test_a_variable_of_the_readme_is_read_by_the_program(name: str):
    sources = (PROJECT_ROOT / "orchestration").glob("*.py")
    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in sources)
