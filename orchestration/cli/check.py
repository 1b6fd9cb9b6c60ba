"""`filings check`: compare every stored file with its recorded hash."""

import sys

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.settings import AlertSettings, Settings
from scrapers.errors import FilingsError, first_lines


@click.command(short_help="Compare all stored files with their hashes.")
@reports_errors
def check() -> None:
    """Compare the archive, the validated rows and the releases with their recorded hashes.

    The result is reported as that of the weekly check of Dagster: `filings status` shows a finding,
    and alerts are sent.
    """
    from orchestration.cli.render.checking import show_checked
    from orchestration.defs.names import CHECK_STORES
    from orchestration.incidents.report import OF_COMMANDS, Ended, report
    from orchestration.inspection.verification import verify
    from orchestration.runtime.run_lock import run_lock

    data, alerts = Settings.from_environment().data, AlertSettings.from_environment()
    if not data.root.is_dir():
        raise FilingsError(
            f"the data directory {data.root} does not exist", remedy="Run `filings refresh` first"
        )
    with run_lock(data.root):
        checked = verify(data)
    show_checked(console, error_console, checked)
    findings = [str(finding) for store in checked for finding in store.findings]
    ended = Ended(CHECK_STORES, "\n".join(first_lines(findings)) or None, is_good=not findings)
    for warning in report(data, alerts, ended, OF_COMMANDS):
        error_console.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    sys.exit(1 if findings else 0)
