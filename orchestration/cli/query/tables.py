"""`filings tables` and `filings describe`: what can be queried."""

import click

from orchestration.cli.console import console, reports_errors
from orchestration.cli.query.released import latest_opened
from orchestration.settings import Settings


@click.command(short_help="List the tables of the latest release.")
@reports_errors
def tables() -> None:
    """List the tables of the latest release with their rows and what a row is."""
    from orchestration.cli.query.documented import tables_of
    from orchestration.cli.render.documented import show_tables

    with latest_opened(Settings.from_environment().data.published) as release:
        found = tables_of(release.connection)
    show_tables(console, found, release.name)


@click.command(short_help="Describe the columns of a table.")
@click.argument("table")
@reports_errors
def describe(table: str) -> None:
    """Describe the columns of a table of the latest release, with types and meaning."""
    from orchestration.cli.query.documented import columns_of, find_table
    from orchestration.cli.render.documented import show_table

    with latest_opened(Settings.from_environment().data.published) as release:
        found = find_table(release.connection, table)
        columns = columns_of(release.connection, found.name)
    show_table(console, found, columns)
