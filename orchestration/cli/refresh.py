"""`filings refresh`: run the pipeline once in this process."""

import gc
import sys

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.runtime.interrupts import interruptible
from orchestration.settings import Settings


@click.command()
@click.option(
    "--batch",
    "batches",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Only this batch (011 or 11); may be given several times. Default: all announced.",
)
@reports_errors
def refresh(batches: tuple[int, ...]) -> None:
    """Fetch what is announced, validate, build the marts, publish what has changed."""
    from orchestration.cli.render.refreshing import show_refreshed, watching

    settings = Settings.from_environment()
    # A short process with very many long-lived objects: garbage collection took a tenth of it.
    gc.set_threshold(200_000, 50, 50)
    with interruptible(), watching(console):
        # Dagster and dbt take seconds to import; the operator already sees progress by now.
        from orchestration.runtime.home import prepare_home

        home = prepare_home(settings)
        from orchestration.cli.refresh_run import refresh as run_refresh

        refreshed = run_refresh(home, batches)
    show_refreshed(console, error_console, settings, refreshed)
    sys.exit(1 if refreshed.problems else 0)
