"""`filings open`: open the report of the latest release in the browser."""

import os
import sys
from pathlib import Path

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.publication.latest import REPORT, latest_release
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings
from scrapers.errors import FilingsError


@click.command("open", short_help="Open the report in the browser.")
@reports_errors
def open_() -> None:
    """Open the report of the latest release in the browser."""
    report = _latest_report(Settings.from_environment().data.published)
    if not _launch_browser(report):
        error_console.print("No browser found. Open this file:")
    console.print(escape(harmless(str(report))), soft_wrap=True)


def _latest_report(published: Path) -> Path:
    """The report of the latest release. Raises FilingsError if there is none."""
    latest = latest_release(published)
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    report = latest / REPORT
    if not report.is_file():
        raise FilingsError(
            f"release {latest.name} has no report ({REPORT})",
            remedy="Run `filings refresh` to publish a release with a report",
        )
    return report


def _launch_browser(page: Path) -> bool:
    """Ask a browser to open the page, without waiting for it; False if there is no browser."""
    # Without a display, xdg-open falls back to text browsers, which take over the terminal.
    has_display = not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return has_display and click.launch(page.as_uri()) == 0
