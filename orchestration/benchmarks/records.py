"""Benchmark of Dagster's records: real refreshes of one data directory, one after another.

    python -m orchestration.benchmarks.records --nights 60

Refreshes the data directory in the settings (FILINGS_DATA_DIR), each time in a process of its own,
and prints the size of the records and the time of the refresh.
"""

import argparse
import subprocess
import sys
from time import monotonic

from rich.console import Console

from orchestration.runtime.home import home_of
from orchestration.runtime.sqlite_files import size_of
from orchestration.settings import Settings

SHOWN_EVERY = 5


def main(arguments: list[str] | None = None) -> None:
    """Print the size of the records before the first night, and every SHOWN_EVERY nights."""
    parser = argparse.ArgumentParser(description="Measure how Dagster's records grow.")
    parser.add_argument("--nights", type=int, default=60, help="how many refreshes to run")
    nights: int = parser.parse_args(arguments).nights
    home, console = home_of(Settings.from_environment()), Console(highlight=False)
    console.print(f"night   0: {size_of(home) / 1e6:5.1f} MB")
    largest = 0
    for night in range(1, nights + 1):
        started = monotonic()
        subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "refresh"], check=True, capture_output=True
        )
        seconds, size = monotonic() - started, size_of(home)
        largest = max(largest, size)
        if night % SHOWN_EVERY == 0 or night == nights:
            console.print(f"night {night:3}: {size / 1e6:5.1f} MB, {seconds:.1f} s")
    console.print(f"largest: {largest / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
