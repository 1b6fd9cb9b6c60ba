"""`filings query` needs no more memory for many rows than for a few."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.faults.memory import PROC, measured

pytestmark = pytest.mark.many_builds

# A table is slow, but would need the most memory per row if it kept them.
FEW, MANY = 5_000, {"table": 100_000, "csv": 250_000, "json": 250_000, "xlsx": 250_000}
GROWTH_MEGABYTES = 40
ROWS = "select range as row, 'row ' || range || repeat(' of many', 24) as text from range({})"


def peak(data_dir: Path, rows: int, *options: str) -> float:
    """The peak memory in megabytes of a query with this number of rows of 200 characters."""
    command = [sys.executable, "-m", "orchestration.cli", "query", ROWS.format(rows), *options]
    environment = {"FILINGS_DATA_DIR": str(data_dir)}
    with (
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, env=environment, cwd=PROJECT_ROOT
        ) as process,
        measured(process.pid) as used,
    ):
        status = process.wait(120)
    assert status == 0
    return used.megabytes


@pytest.mark.skipif(not (PROC / "self" / "status").exists(), reason="needs /proc")
@pytest.mark.parametrize("format_", ["table", "csv", "json", "xlsx"])
def test_memory_does_not_grow_with_the_rows(released, tmp_path, format_):
    output = () if format_ == "table" else ("--output", str(tmp_path / f"rows.{format_}"))
    few, many = (peak(released, rows, *output) for rows in (FEW, MANY[format_]))
    assert many - few < GROWTH_MEGABYTES
