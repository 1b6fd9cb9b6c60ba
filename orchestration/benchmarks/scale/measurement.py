"""One stage, measured in a process of its own, so that its peak memory is its own.

    python -m orchestration.benchmarks.scale.measurement STAGE DATA_DIRECTORY

prints the measurement as JSON. The data directory is that of a made-up register.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

from orchestration.benchmarks.scale import ingest_stages, publication_stages
from orchestration.benchmarks.scale.new_list import time_new_list
from orchestration.runtime.data_dir import DataDir

# What dbt names a node, and what the tables name it.
_KINDS = {"model": "", "seed": "seed ", "test": "test "}


@dataclass(frozen=True)
class Measurement:
    """Seconds by the clock and of the processor, and the peak memory in MB, of one stage.

    The seconds of the processor are those of all cores together. `parts` are the seconds by the
    clock of the parts of the stage; parts that run at the same time add up to more than `seconds`.
    """

    stage: str
    seconds: float
    cpu_seconds: float
    memory_mb: float
    parts: Mapping[str, float] = field(default_factory=dict)


def build_models(data: DataDir) -> dict[str, float]:
    """Build all models from the validated files; the seconds of each node."""
    from orchestration.warehouse.build_cache import bring_up_to_date, discard

    discard(data)
    built, _ = bring_up_to_date(data)
    if built.failures:
        raise AssertionError("\n".join(built.failures))
    found = {}
    for event in built.events:
        node = event["data"]["node_info"]
        name = f"{_KINDS[node['resource_type']]}{node['node_name']}"
        found[name] = float(event["data"]["execution_time"])
    return found


STAGES: Mapping[str, Callable[[DataDir], object]] = {
    **{f"ingest: {name}": stage for name, stage in ingest_stages.STAGES.items()},
    "models": build_models,
    **{f"release: {name}": stage for name, stage in publication_stages.STAGES.items()},
    # Last, because it adds to the archive.
    "runs": time_new_list,
}

# Stages whose last word is a number of rows or documents. They do not read the data directory.
OF_DOCUMENTS = frozenset(name for name in STAGES if name.rpartition(" ")[2].isdecimal())


def measure(stage: str, data: DataDir) -> Measurement:
    """Run a stage in a child process. Raises subprocess.CalledProcessError if it fails."""
    found = subprocess.run(
        [sys.executable, "-m", __name__, stage, str(data.root)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return Measurement(**json.loads(found.stdout))


def _measure_here(stage: str, data: DataDir) -> Measurement:
    before, started = _cpu_seconds(), perf_counter()
    result = STAGES[stage](data)
    # A stage that returns a number has timed itself, without its preparation.
    seconds = result if isinstance(result, float) else perf_counter() - started
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    parts = result if isinstance(result, dict) else {}
    return Measurement(stage, seconds, _cpu_seconds() - before, memory, parts)


def _cpu_seconds() -> float:
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(item.ru_utime + item.ru_stime for item in used)


def main() -> None:
    """Measure one stage in this process and print the measurement as JSON."""
    parser = argparse.ArgumentParser(description="Measure one stage on made-up registers.")
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    found = _measure_here(options.stage, DataDir(options.data))
    sys.stdout.write(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
