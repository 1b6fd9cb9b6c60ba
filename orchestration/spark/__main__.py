"""The command `python -m orchestration.spark`: run the job, compare, and build the marts."""

from pathlib import Path

import click
from rich.table import Table

from orchestration.cli.console import console, reports_errors
from orchestration.settings import Settings, SparkSettings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Compute versions, classes and registrations in Spark, and build the marts over them."""


@main.command()
@click.option("--validated", help="Folder or s3://bucket/prefix. Default: that of the data folder.")
@click.option("--output", required=True, help="New folder or s3://bucket/prefix for the result.")
@click.option(
    "--shares", type=click.IntRange(1), help="Parts of the rows. Default: by their number."
)
@reports_errors
def run(validated: str | None, output: str, shares: int | None) -> None:
    """Run the job on the cluster of FILINGS_SPARK_MASTER, by default on this machine."""
    from orchestration.spark import job
    from orchestration.spark.session import in_spark, spark_session

    validated = validated or str(Settings.from_environment().data.validated)
    shares = shares or job.planned_shares(validated)
    with spark_session(SparkSettings.from_environment(), shares) as session:
        rows = job.run(in_spark(session), validated, output, shares)
    for name, number in rows.items():
        console.print(f"{name}  {number:,} rows")


@main.command()
@click.option("--output", required=True, help="The result to compare.")
@click.option(
    "--warehouse",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Default: that of the data folder.",
)
@reports_errors
def compare(output: str, warehouse: Path | None) -> None:
    """Compare a result with the tables that DuckDB built; exit status 1 if they differ."""
    from orchestration.spark.comparison import compare as compared

    found = compared(output, warehouse or Settings.from_environment().data.warehouse)
    table = Table("table", "rows", "in DuckDB", "only in the result", "only in DuckDB")
    for item in found:
        counts = (item.rows, item.rows_in_duckdb, item.only_here, item.only_in_duckdb)
        table.add_row(item.name, *(f"{count:,}" for count in counts))
    console.print(table)
    raise SystemExit(0 if all(item.is_equal for item in found) else 1)


@main.command()
@click.option("--output", required=True, help="The result to build on.")
@reports_errors
def marts(output: str) -> None:
    """Build the warehouse over a result; the next `filings refresh` publishes it."""
    from orchestration.runtime.run_lock import run_lock
    from orchestration.spark.marts import build_marts

    data = Settings.from_environment().data
    with run_lock(data.root):
        built, is_new = build_marts(data, output)
    for failure in built.failures:
        console.print(failure, markup=False)
    if built.failures:
        raise SystemExit(1)
    console.print("built and tested" if is_new else "unchanged: the inputs are the same")


if __name__ == "__main__":
    main()
