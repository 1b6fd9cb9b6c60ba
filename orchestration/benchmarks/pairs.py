"""Times of a whole refresh and of an unchanged one, against another checkout (`make bench-pairs`).

Both checkouts run in turn, so that a busy machine slows both. Quote the medians of the ratios. The
other checkout uses the packages of this one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from orchestration.settings import PROJECT_ROOT

PAIRS = 3


@dataclass(frozen=True)
class Cost:
    """What a refresh takes: seconds on the clock, and seconds of all its processes."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Refreshes:
    """A refresh into an empty data directory, and a second one into the same directory."""

    whole: Cost
    unchanged: Cost


def main(arguments: list[str] | None = None) -> None:
    """Print the times of each pair, and the medians of the ratios."""
    parser = argparse.ArgumentParser(description="Compare refreshes with another checkout.")
    parser.add_argument("base", type=Path, help="the other checkout")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    options = parser.parse_args(arguments)
    base = options.base.resolve()
    for checkout in (base, PROJECT_ROOT):
        # Prepares what a checkout prepares once, such as the manifest.
        measure(checkout)
    pairs = [(measure(base), measure(PROJECT_ROOT)) for _ in range(options.pairs)]
    Console(highlight=False).print(as_table(pairs))


def measure(checkout: Path) -> Refreshes:
    """Refresh a new data directory twice with the code of a checkout, from the replica.

    Raises CalledProcessError if a refresh fails.
    """
    with tempfile.TemporaryDirectory(prefix="filings-pairs-") as data_dir:
        return Refreshes(_refresh(checkout, data_dir), _refresh(checkout, data_dir))


def _refresh(checkout: Path, data_dir: str) -> Cost:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "DAGSTER_HOME" and not name.startswith("FILINGS_")
    }
    environment |= {"FILINGS_DATA_DIR": data_dir, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-m", "orchestration.cli", "refresh"]
    started = perf_counter()
    process = subprocess.Popen(
        command,
        # Python looks for modules in the working directory first.
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(perf_counter() - started, used.ru_utime + used.ru_stime)


def as_table(pairs: Sequence[tuple[Refreshes, Refreshes]]) -> Table:
    """The seconds of each pair, base and this checkout, and the median of their ratios."""
    table = Table("refresh", "seconds of", "base", "this", "median ratio")
    for refresh in ("whole", "unchanged"):
        for unit in ("wall", "cpu"):
            base, this = (
                [getattr(getattr(pair[side], refresh), unit) for pair in pairs] for side in (0, 1)
            )
            ratio = median(new / old for old, new in zip(base, this, strict=True))
            table.add_row(refresh, unit, _seconds(base), _seconds(this), f"{ratio:.2f}")
    return table


def _seconds(values: Sequence[float]) -> str:
    return " ".join(f"{value:.1f}" for value in values)


if __name__ == "__main__":
    main()
