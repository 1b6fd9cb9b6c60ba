"""`filings status`: the state of the data directory on one screen, as JSON, or as metrics."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from orchestration.cli.console import console, reports_errors
from orchestration.settings import Settings


@click.command(short_help="Show the state of releases, runs and lists.")
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@click.option(
    "--metrics",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write metrics for Prometheus to FILE (ending in .prom), and print nothing.",
)
@reports_errors
def status(as_json: bool, metrics: Path | None) -> None:
    """Show the latest release, the last run, and every list with its problems.

    The exit status is 0 if all is well, 1 if a run failed or if something is held back or cannot be
    read, and 2 if no run has finished for more than 26 hours.
    """
    from orchestration.incidents.health import Health
    from orchestration.inspection.status import read_status

    settings = Settings.from_environment()
    now = datetime.now(UTC)
    found = read_status(settings.data)
    health = Health.of(settings.data, found, now)
    if metrics:
        from orchestration.incidents.metrics import write_metrics

        write_metrics(metrics, settings.data, found, health, now)
    if as_json:
        from orchestration.cli.render.status_json import status_json

        click.echo(status_json(settings, found, health))
    if not metrics and not as_json:
        from orchestration.cli.render.status import show_status

        show_status(console, settings, found, now, health)
    sys.exit(health.exit_status)
