"""The benchmark on made-up registers of growing size (`make bench-scale`).

Every stage runs at every size, in a process of its own. Seconds depend on the machine and on what
else it does; growth exponents and the ratios of one run can be compared.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.benchmarks.scale.growth import Results, growth_table
from orchestration.benchmarks.scale.guide import write_guide
from orchestration.benchmarks.scale.made_up_archive import make_up, shipped_rows
from orchestration.benchmarks.scale.measurement import (
    OF_DOCUMENTS,
    STAGES,
    Measurement,
    measure,
)
from orchestration.runtime.data_dir import DataDir

SIZES = (10_000, 100_000, 1_000_000, 3_000_000)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all stages at all sizes, and print them."""
    parser = argparse.ArgumentParser(description="Time every stage on made-up registers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of filings")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--results", type=Path, help="JSON file to add the measurements to")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md as well")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    results = _read(options.results)
    for size in options.sizes:
        # What a document takes does not depend on the register, so the smallest is enough.
        stages = [
            name
            for name in options.stages
            if size == min(options.sizes) or name not in OF_DOCUMENTS
        ]
        _measure_size(console, results, size, stages)
        if options.results:
            _write(options.results, results)
    table = Table(*growth_table(results)[0], title="seconds, by number of filings")
    for row in growth_table(results)[1]:
        table.add_row(*row)
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
    if options.write:
        write_guide(results)


def _measure_size(console: Console, results: Results, size: int, stages: Sequence[str]) -> None:
    """Make up a register and measure the stages on it, in the order of STAGES."""
    folder = Path(tempfile.mkdtemp(prefix="filings-scale-"))
    try:
        make_up(DataDir(folder), shipped_rows(), size)
        for stage in STAGES:
            if stage in stages:
                found = measure(stage, DataDir(folder))
                results.setdefault(size, {})[stage] = found
                console.print(
                    f"{size:>9,}  {stage:24} {found.seconds:8.2f} s  "
                    f"{found.cpu_seconds:8.2f} s of CPU  {found.memory_mb:7,.0f} MB"
                )
    finally:
        shutil.rmtree(folder)


def _read(path: Path | None) -> Results:
    if path is None or not path.exists():
        return {}
    return {
        int(size): {name: Measurement(**item) for name, item in found.items()}
        for size, found in json.loads(path.read_bytes()).items()
    }


def _write(path: Path, results: Results) -> None:
    content = {
        size: {name: asdict(item) for name, item in found.items()}
        for size, found in results.items()
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
