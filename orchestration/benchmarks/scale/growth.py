"""How the time of a stage grows with the number of filings.

The growth exponent is the b of seconds = a · filings^b between two sizes; 1 is linear growth.
"""

from collections.abc import Iterator, Mapping
from math import log

from orchestration.benchmarks.scale.measurement import Measurement

Results = dict[int, dict[str, Measurement]]
"""The measurements by number of filings and stage."""

# Below this, start-up and the resolution of the clock decide, not the number of rows.
SHORTEST_SECONDS = 0.2
SMALLEST = 100_000


def exponent(seconds: Mapping[int, float]) -> float | None:
    """The growth exponent from SMALLEST to the largest size.

    `seconds` are by number of filings. None if one of the two sizes was not measured, or if the
    stage was too short there.
    """
    largest = max(seconds, default=0)
    first, last = seconds.get(SMALLEST, 0.0), seconds.get(largest, 0.0)
    if largest <= SMALLEST or min(first, last) < SHORTEST_SECONDS:
        return None
    return log(last / first) / log(largest / SMALLEST)


def series(results: Results) -> Iterator[tuple[str, dict[int, float]]]:
    """The seconds of each stage by number of filings, and those of its parts after it."""
    stages = dict.fromkeys(name for found in results.values() for name in found)
    for stage in stages:
        found = {size: by_stage[stage] for size, by_stage in results.items() if stage in by_stage}
        yield stage, {size: item.seconds for size, item in found.items()}
        for part in dict.fromkeys(name for item in found.values() for name in item.parts):
            yield (
                f"{stage}: {part}",
                {size: item.parts[part] for size, item in found.items() if part in item.parts},
            )


def growth_table(results: Results) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of a table: seconds by size, growth, and peak memory at the end."""
    sizes = sorted(results)
    heading = ["stage", *(f"{size:,}" for size in sizes), "exponent", "peak memory (MB)"]
    rows = []
    for name, seconds in series(results):
        growth = exponent(seconds)
        # Of the largest size at which the stage was measured.
        measured = next(
            (results[size][name] for size in reversed(sizes) if name in results[size]), None
        )
        rows.append(
            [
                name,
                *(f"{seconds[size]:.2f}" if size in seconds else "" for size in sizes),
                "" if growth is None else f"{growth:.2f}",
                f"{measured.memory_mb:,.0f}" if measured else "",
            ]
        )
    return heading, rows
