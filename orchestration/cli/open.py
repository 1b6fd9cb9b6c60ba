"""`filings open`: show the report of the latest release in the browser."""

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


@click.command("open")
@reports_errors
def open_() -> None:
    """Open the report of the latest release in the browser."""
    report = _latest_report(Settings.from_environment().data.published)
    console.print(escape(harmless(str(report))), soft_wrap=True)
    if not _launch_browser(report):
        error_console.print("no browser to be had here: open this file with one")


def _latest_report(published: Path) -> Path:
    """The latest release's report. Raises FilingsError where there is none."""
    latest = latest_release(published)
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    report = latest / REPORT
    if not report.is_file():
        raise FilingsError(
            f"release {latest.name} has no report ({REPORT})",
            remedy="`filings refresh` makes a release with one",
        )
    return report


def _launch_browser(page: Path) -> bool:
    """Whether a browser was asked to open the page; does not wait for it."""
    # Without a screen xdg-open looks for text browsers, which would take over the terminal.
    has_screen = not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return has_screen and click.launch(page.as_uri()) == 0
