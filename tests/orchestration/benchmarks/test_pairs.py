"""Pairs of refreshes of two checkouts, with a stand-in for the command line."""

import io
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.benchmarks.pairs import Cost, Refreshes, as_table, measure

STAND_IN = """
import os, pathlib, sys
data = pathlib.Path(os.environ["FILINGS_DATA_DIR"])
with pathlib.Path("runs.txt").open("a") as runs:
    print(sys.argv[1], (data / "before").exists(), "DAGSTER_HOME" in os.environ, file=runs)
(data / "before").touch()
sys.exit({status})
"""


def checkout(folder: Path, status: int = 0) -> Path:
    """A checkout whose command line notes how it was called."""
    package = folder / "orchestration" / "cli"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(STAND_IN.format(status=status))
    return folder


def test_second_refresh_of_a_checkout_uses_the_data_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    measured = measure(checkout(tmp_path))
    runs = (tmp_path / "runs.txt").read_text().splitlines()
    assert runs == ["refresh False False", "refresh True False"]
    assert measured.whole.cpu > 0 and measured.unchanged.wall > 0


def test_failed_refresh_is_not_measured(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        measure(checkout(tmp_path, status=1))


def test_table_has_the_median_of_the_ratios_of_pairs():
    def refreshes(whole: float) -> Refreshes:
        return Refreshes(Cost(whole, whole), Cost(1, 2))

    pairs = [(refreshes(10), refreshes(wall)) for wall in (5, 9, 6)]
    console = Console(file=(out := io.StringIO()), width=100)
    console.print(as_table(pairs))
    whole = next(line for line in out.getvalue().splitlines() if "whole" in line)
    assert "10.0 10.0 10.0" in whole and "5.0 9.0 6.0" in whole and "0.60" in whole
