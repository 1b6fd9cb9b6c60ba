"""`filings status`: the state of the data directory on one screen."""

from datetime import UTC, datetime

import click

from orchestration.cli.console import console, reports_errors
from orchestration.settings import Settings


@click.command(short_help="Show the state of releases, runs and lists.")
@reports_errors
def status() -> None:
    """Show the latest release, the last run, and every list with its problems."""
    from orchestration.cli.render.status import show_status
    from orchestration.inspection.status import read_status

    settings = Settings.from_environment()
    show_status(console, settings, read_status(settings.data), datetime.now(UTC))
