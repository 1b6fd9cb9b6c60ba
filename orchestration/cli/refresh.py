"""`filings refresh`: run the whole pipeline once, in this process."""

import gc
import re
import sys
from typing import TYPE_CHECKING

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.runtime import interrupts
from orchestration.runtime.progress import subscribed
from orchestration.runtime.recorded_sources import require_source
from orchestration.settings import AlertSettings, Settings

if TYPE_CHECKING:
    from orchestration.cli.refresh_run import Refreshed

AT_START = "Stopped at the start; nothing was half-published. Run again to go on."


def named_documents(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """The values of `--document`. Raises click.BadParameter if one is not REGISTER/KEY."""
    for value in values:
        register, _, key = value.partition("/")
        if not register or not key:
            raise click.BadParameter(f"{value!r} is not REGISTER/KEY")
    return values


def batch_numbers(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[int]:
    """The values of `--batch`. Raises click.BadParameter if one is not a number from 1."""
    for value in values:
        if not re.fullmatch("0*[1-9][0-9]{0,8}", value):
            raise click.BadParameter(f"{value!r} is not the number of a batch, such as 11 or 011")
    return [int(value) for value in values]


@click.command(short_help="Fetch, validate, model and publish.")
@click.option(
    "--batch",
    "batches",
    multiple=True,
    callback=batch_numbers,
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
@click.option(
    "--force",
    is_flag=True,
    help="Fetch from the configured source into a data directory made from the other one.",
)
@reports_errors
def refresh(batches: list[int], documents: tuple[str, ...], force: bool) -> None:
    """Fetch the announced documents, validate them, build the marts and publish a release.

    Without options, all documents of all registers are fetched. With them, only these are fetched,
    and those of registers of which the archive has no document yet.

    A data directory belongs to the source (FILINGS_SOURCE) that it was made from. A refresh from
    the other one is refused before anything is written.
    """
    interrupts.stop_with(lambda: AT_START)
    from orchestration.cli.render.progress import show_progress
    from orchestration.cli.render.refreshing import show_refreshed
    from orchestration.cli.reporting import reported
    from orchestration.cli.under_way import UnderWay

    settings = Settings.from_environment()
    alerts = AlertSettings.from_environment()
    # A short process with many long-lived objects: garbage collection took 10 % of its time.
    gc.set_threshold(200_000, 50, 50)
    under_way = UnderWay(settings.data)
    interrupts.stop_with(lambda: under_way.line)
    # A process of Python's own would report that this one ended before cleaning up, which it does.
    sys.warnoptions.append("ignore:resource_tracker")

    def run() -> "Refreshed":
        # Dagster and dbt take seconds to import, so the progress display starts first.
        from orchestration.runtime.home import prepare_home

        if not force:
            require_source(settings.data, settings.source)
        home = prepare_home(settings)
        from orchestration.cli.refresh_run import refresh as run_refresh

        return run_refresh(home, batches, documents, under_way, adds_source=force)

    with show_progress(console) as progress, subscribed(under_way.note):

        def stop() -> None:
            progress.stop()
            interrupts.say()
            under_way.record_stop()

        refreshed = interrupts.aside(lambda: reported(run, under_way, alerts), stop)
    show_refreshed(console, error_console, settings, refreshed)
    sys.exit(1 if refreshed.problems else 0)
