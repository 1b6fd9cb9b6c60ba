"""The figures of docs/performance.md, and its plot (`make bench-scale WRITE=1` writes both)."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

import altair as alt
import polars as pl
import vl_convert

from orchestration.benchmarks.scale.growth import Results, growth_table, series
from orchestration.classification.guide import with_tables
from orchestration.settings import PROJECT_ROOT

GUIDE = PROJECT_ROOT / "docs" / "performance.md"
PLOT = PROJECT_ROOT / "docs" / "images" / "growth.svg"
# The longest parts of a stage are shown; the others are short at any size.
SHOWN_SECONDS = 1.0
RUNS = "runs: "
PLOTTED = ("ingest: unchanged", "models", "release: tables", "release: changes", "release: report")


def write_guide(results: Results) -> None:
    """Write the tables of the guide, and its plot, from the measurements."""
    tables = {"machine": machine(), "growth": _growth(results)}
    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(with_tables(text, tables), encoding="utf-8")
    PLOT.write_text(plot(results), encoding="utf-8")


def machine() -> str:
    """The machine, and the versions of what does most of the work, in one sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "dbt-core"))
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} with {os.cpu_count()} cores "
        f"({platform.machine()}) "
        f"and {memory:.0f} GB of memory, Python {platform.python_version()}, {packages}."
    )


def _growth(results: Results) -> str:
    heading, rows = growth_table(results)
    largest = max(results)
    stages = {name for found in results.values() for name in found}
    shown = {
        name
        for name, seconds in series(results)
        if name in stages or name.startswith(RUNS) or seconds.get(largest, 0) >= SHOWN_SECONDS
    }
    kept = [row for row in rows if row[0] in shown]
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)], *kept]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plot(results: Results, stages: Iterable[str] = PLOTTED) -> str:
    """The seconds of stages by number of filings, both on logarithmic scales, as SVG."""
    points = [
        {"stage": name, "filings": size, "seconds": seconds}
        for name, by_size in series(results)
        if name in stages
        for size, seconds in by_size.items()
    ]
    log_scale = alt.Scale(type="log")
    chart = (
        alt.Chart(pl.DataFrame(points))
        .mark_line(point=True)
        .encode(
            x=alt.X("filings:Q", scale=log_scale, axis=alt.Axis(format="~s")),
            y=alt.Y("seconds:Q", scale=log_scale, axis=alt.Axis(format="~s")),
            color=alt.Color("stage:N", title=None),
        )
        .properties(width=480, height=320, background="white")
    )
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg
