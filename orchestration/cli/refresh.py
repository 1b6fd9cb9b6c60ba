"""`filings refresh`: run the whole pipeline once, in this process."""

import gc
import sys

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.runtime.interrupts import interruptible
from orchestration.settings import Settings


def named_documents(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """The values of `--document`. Raises click.BadParameter if one is not REGISTER/KEY."""
    for value in values:
        register, _, key = value.partition("/")
        if not register or not key:
            raise click.BadParameter(f"{value!r} is not REGISTER/KEY")
    return values


@click.command(short_help="Fetch, validate, model and publish.")
@click.option(
    "--batch",
    "batches",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Refresh only this batch (011 or 11). Repeatable.",
)
@click.option(
    "--document",
    "documents",
    multiple=True,
    callback=named_documents,
    metavar="REGISTER/KEY",
    help="Refresh only this document of a register. Repeatable.",
)
@reports_errors
def refresh(batches: tuple[int, ...], documents: tuple[str, ...]) -> None:
    """Fetch the announced documents, validate them, build the marts and publish a release.

    Without options, all documents of all registers are fetched. With them, only these are fetched,
    and those of registers of which the archive has no document yet.
    """
    from orchestration.cli.render.refreshing import show_progress, show_refreshed

    settings = Settings.from_environment()
    # A short process with many long-lived objects: garbage collection took 10 % of its time.
    gc.set_threshold(200_000, 50, 50)
    with interruptible(), show_progress(console):
        # Dagster and dbt take seconds to import, so the progress display starts first.
        from orchestration.runtime.home import prepare_home

        home = prepare_home(settings)
        from orchestration.cli.refresh_run import refresh as run_refresh

        refreshed = run_refresh(home, batches, documents)
    show_refreshed(console, error_console, settings, refreshed)
    sys.exit(1 if refreshed.problems else 0)
