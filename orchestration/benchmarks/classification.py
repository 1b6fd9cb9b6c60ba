"""Benchmark of the classification on many synthetic filings (`make bench-classes`).

Each synthetic filing combines the name, entity, products and purpose of four shipped filings, so
its texts are as long and as varied as real ones, and few combinations repeat.
"""

import argparse
import resource
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb
from rich.console import Console

from orchestration.classification.duckdb import classified
from orchestration.classification.rules import SEED_NAMES
from orchestration.classification.shipped import read_seed, shipped_filings

FILINGS = 3_000_000
THREADS = 2  # Of DuckDB. The Makefile sets those of Polars.


def main(arguments: list[str] | None = None) -> None:
    """Print the time, the rows per second and the peak memory."""
    parser = argparse.ArgumentParser(description="Time the classification of synthetic filings.")
    parser.add_argument("--filings", type=int, default=FILINGS)
    filings = parser.parse_args(arguments).filings
    console = Console(highlight=False)
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(config={"threads": THREADS}) as connection,
    ):
        _make(connection, filings)
        seeds = {
            name: connection.from_arrow(read_seed(name).to_arrow())
            for name in (*SEED_NAMES, "filing_labels")
        }
        started = perf_counter()
        found = classified(connection.table("made"), seeds, connection, Path(folder))
        seconds = perf_counter() - started
        ((rows, content),) = found.aggregate(
            "count(*), sum(hash(filing_number, sector, inputs, outputs, sector_evidence))"
        ).fetchall()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"{rows:,} filings in {seconds:.1f} s, {rows / seconds:,.0f} per second; "
        f"peak memory {memory:,.0f} MB; hash of the contents {content}"
    )


def _make(connection: duckdb.DuckDBPyConnection, filings: int) -> None:
    shipped = shipped_filings().with_row_index("k")
    connection.register("shipped", shipped)
    connection.execute(
        f"""
        create table made as
        select
            'deep_synthesis' as register,
            lpad(i::varchar, 21, '0') as filing_number,
            one.algorithm_name || i % 1000 as name,
            two.entity_name,
            three.products,
            four.purpose,
            null::timestamp as amended_at
        from range({filings}) as made (i)
        inner join shipped as one on one.k = hash(i) % {shipped.height}
        inner join shipped as two on two.k = hash(i, 2) % {shipped.height}
        inner join shipped as three on three.k = hash(i, 3) % {shipped.height}
        inner join shipped as four on four.k = hash(i, 4) % {shipped.height}
        """
    )


if __name__ == "__main__":
    main()
