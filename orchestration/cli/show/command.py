"""`filings show`: look up one filing or entity in the latest release."""

import click

from orchestration.cli.console import console, reports_errors
from orchestration.cli.query.released import latest_opened
from orchestration.settings import Settings


@click.command()
@click.argument("text")
@click.option("--all", "widely", is_flag=True, help="List every match, in part too.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
@reports_errors
def show(text: str, widely: bool, as_json: bool) -> None:
    """Show one filing or entity with its history.

    TEXT is a filing number, an entity's id of seven digits, or part of the name of an algorithm, a
    product or an entity, former names too. Where several go by it, they are listed.
    """
    from orchestration.cli.render.found import print_found, show_found
    from orchestration.cli.show.search import look_up

    with latest_opened(Settings.from_environment().data.published) as release:
        found = look_up(release.connection, text, widely=widely)
    if as_json:
        print_found(found)
    else:
        show_found(console, found, text, with_all=widely)
