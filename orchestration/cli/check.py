"""`filings check`: compare every stored file with its recorded hash."""

import sys

import click

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.settings import Settings
from scrapers.errors import FilingsError


@click.command(short_help="Compare all stored files with their hashes.")
@reports_errors
def check() -> None:
    """Compare the archive, the validated rows and the releases with their recorded hashes."""
    from orchestration.cli.render.checking import show_checked
    from orchestration.inspection.verification import verify
    from orchestration.runtime.run_lock import run_lock

    data = Settings.from_environment().data
    if not data.root.is_dir():
        raise FilingsError(
            f"the data directory {data.root} does not exist", remedy="Run `filings refresh` first"
        )
    with run_lock(data.root):
        checked = verify(data)
    show_checked(console, error_console, checked)
    sys.exit(1 if any(store.findings for store in checked) else 0)
