"""`filings show`: look up one registration or company in the latest release."""

import click

from orchestration.cli.console import console, reports_errors
from orchestration.cli.query.released import latest_opened
from orchestration.settings import Settings


@click.command(short_help="Show a registration or a company.")
@click.argument("text")
@click.option(
    "--all", "include_partial", is_flag=True, help="List every match, including partial ones."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reports_errors
def show(text: str, include_partial: bool, as_json: bool) -> None:
    """Show one registration or company with its history.

    TEXT is a filing number, a service number, a seven-digit company id, or part of the name of an
    algorithm, service, product or company, including former names. Six characters or more of a
    number are enough. If several match, they are listed. A company is shown with what it holds in
    all registers.
    """
    from orchestration.cli.render.found import print_found, show_found
    from orchestration.cli.show.search import look_up

    with latest_opened(Settings.from_environment().data.published) as release:
        found = look_up(release.connection, text, include_partial=include_partial)
    if as_json:
        print_found(found)
    else:
        show_found(console, found, text, with_all=include_partial)
