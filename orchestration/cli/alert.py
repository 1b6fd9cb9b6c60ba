"""`filings alert`: look for incidents now, and send what is new."""

import sys
from datetime import UTC, datetime

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.settings import AlertSettings, Settings
from scrapers.errors import FilingsError


@click.command(short_help="Send alerts about new incidents, or a test message.")
@click.option("--test", "is_test", is_flag=True, help="Only send a test message.")
@reports_errors
def alert(is_test: bool) -> None:
    """Compare the state of the data directory with what was told, and send what is new.

    `filings refresh` and the daemon do so by themselves. A timer that runs this command notices
    that they have stopped, too. Exit status 1 if a message could not be sent.
    """
    from orchestration.incidents.messages import check_message
    from orchestration.incidents.report import ATTEMPTS_OF_COMMANDS, report
    from orchestration.incidents.sending import post

    settings, alerts = Settings.from_environment(), AlertSettings.from_environment()
    if not alerts.alert_url:
        raise FilingsError(
            "FILINGS_ALERT_URL is not set", remedy="Set it to the address that gets the alerts"
        )
    if is_test:
        post(alerts.alert_url, check_message(settings.data_dir, datetime.now(UTC)))
        console.print("The test message was sent.")
        return
    warnings = report(settings.data, alerts, attempts=ATTEMPTS_OF_COMMANDS)
    for warning in warnings:
        error_console.print(f"error: {warning}", style="red", markup=False, soft_wrap=True)
    sys.exit(1 if warnings else 0)
