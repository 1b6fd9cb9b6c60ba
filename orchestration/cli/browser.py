"""The report of a release, and the browser that opens it."""

import os
import sys
from pathlib import Path

import click

from orchestration.publication.latest import REPORT, latest_release
from scrapers.errors import FilingsError


def report_of(published: Path) -> Path:
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


def launched(page: Path) -> bool:
    """Whether a browser was asked to open the page; never waits for it."""
    # Without a screen xdg-open looks for browsers of text, which would take over the terminal.
    has_screen = not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return has_screen and click.launch(page.as_uri()) == 0
