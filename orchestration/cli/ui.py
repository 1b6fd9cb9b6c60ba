"""`filings ui`: serve the Dagster UI with the sensor and schedules running."""

import os

import click

from orchestration.cli.console import reports_errors
from orchestration.settings import Settings


@click.command(short_help="Serve the Dagster UI until Ctrl-C.")
@click.option(
    "--port", default=3000, show_default=True, type=click.IntRange(1, 65535), help="Port of the UI."
)
@reports_errors
def ui(port: int) -> None:
    """Serve the Dagster UI on 127.0.0.1 with the sensor and schedules running, until Ctrl-C.

    Requests sent by other web pages are refused.
    """
    from orchestration.runtime.home import prepare_home
    from orchestration.runtime.ui.supervisor import serve_ui

    settings = Settings.from_environment()
    prepare_home(settings)
    os.environ["FILINGS_DATA_DIR"] = str(settings.data_dir)
    serve_ui(port)
