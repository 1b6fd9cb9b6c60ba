"""`filings alert`: look for incidents now, and send what is new."""

import sys
from datetime import UTC, datetime

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.settings import AlertSettings, Settings
from scrapers.errors import FilingsError

NO_ADDRESS = "FILINGS_ALERT_URL is not set"


@click.command(short_help="Send alerts about new incidents, or a test message.")
@click.option("--test", "is_test", is_flag=True, help="Only send a test message.")
@click.option("--unit", metavar="NAME", help="Report that this service of the system has failed.")
@click.option("--well", "is_well", is_flag=True, help="With --unit: the service runs again.")
@reports_errors
def alert(is_test: bool, unit: str | None, is_well: bool) -> None:
    """Compare the state of the data directory with the open incidents, and send what is new.

    `filings refresh` and the daemon do so by themselves. A timer that runs this command notices
    that they have stopped, too. Exit status 1 if a message could not be sent.
    """
    if is_well and not unit:
        raise click.UsageError("--well needs --unit")
    settings, alerts = Settings.from_environment(), AlertSettings.from_environment()
    if is_test:
        _send_test(settings, alerts)
        return
    from orchestration.incidents.incident import service_job
    from orchestration.incidents.report import OF_COMMANDS, Ended, report

    ended = None
    if unit:
        problem = None if is_well else f"systemctl status {unit} says why"
        ended = Ended(service_job(unit), problem, is_good=is_well)
    warnings = report(settings.data, alerts, ended, OF_COMMANDS)
    if not alerts.alert_url:
        console.print(f"{NO_ADDRESS}: incidents are recorded, but no alert is sent.")
    for warning in warnings:
        error_console.print(f"error: {warning}", style="red", markup=False, soft_wrap=True)
    sys.exit(1 if warnings else 0)


def _send_test(settings: Settings, alerts: AlertSettings) -> None:
    from orchestration.incidents.messages import check_message
    from orchestration.incidents.report import OF_COMMANDS
    from orchestration.incidents.sending import Sender

    if not alerts.alert_url:
        raise FilingsError(NO_ADDRESS, remedy="Set it to the address that gets the alerts")
    message = check_message(settings.data_dir, datetime.now(UTC))
    Sender(OF_COMMANDS.seconds, OF_COMMANDS.attempts).post(alerts.alert_url, message)
    console.print("The test message was sent.")
