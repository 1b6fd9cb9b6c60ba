"""The result of a refresh: totals, paths of the release, warnings and problems."""

from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.markup import escape

from orchestration.cli.render.text import path_text
from orchestration.publication.latest import DESCRIPTOR, LATEST, REPORT, descriptor, latest_release
from orchestration.publication.totals import release_totals
from orchestration.publication.unread import unread_filings, unread_text
from orchestration.runtime.counts import counted
from orchestration.runtime.recorded_sources import source_text
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings
from orchestration.warehouse.marts import DATABASE
from scrapers.registers import REGISTERS

if TYPE_CHECKING:
    from orchestration.cli.refresh_run import Refreshed

# The files of a release that readers open, the most useful first.
RELEASE_FILES = (
    REPORT,
    "filings.xlsx",
    DATABASE,
    "parquet",
    "data_dictionary.md",
    "changes.atom",
    "CHANGES.md",
    DESCRIPTOR,
)


def show_refreshed(
    console: Console, errors: Console, settings: Settings, refreshed: "Refreshed"
) -> None:
    """Print totals and the paths of the release; warnings and problems on standard error."""
    published = settings.data.published
    latest = latest_release(published)
    if latest:
        totals = ", ".join(release_totals(descriptor(latest), REGISTERS)) or "no documents"
        documents = counted(len(refreshed.documents), "document", "documents")
        console.print(
            f"[bold]{totals}[/bold]  ({documents} refreshed in {refreshed.seconds:.1f} s, "
            f"source: {source_text(settings.data, settings.source)})"
        )
        for name in RELEASE_FILES:
            if (latest / name).exists():
                shown = path_text(published / LATEST / name)
                console.print(f"  {escape(harmless(shown))}", soft_wrap=True)
        with duckdb.connect() as connection:
            unread = unread_filings(connection, latest)
        if unread:
            console.print(f"to read: {unread_text(unread)}", soft_wrap=True)
    for warning in refreshed.warnings:
        errors.print(f"[yellow]warning:[/yellow] {escape(harmless(warning))}", soft_wrap=True)
    for problem in refreshed.problems:
        errors.print(f"[red]error:[/red] {escape(harmless(problem))}", soft_wrap=True)
