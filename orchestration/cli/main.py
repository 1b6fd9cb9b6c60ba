"""The command line: the command `filings` with its subcommands.

Commands import heavy dependencies when they run, so that quick commands start quickly. The exit
status is 0 only if everything requested was done, 1 after an error, 2 for wrong usage and 130 after
Ctrl-C. Errors are printed as messages, never as tracebacks.
"""

from collections.abc import Iterable

import click

from orchestration.cli.alert import alert
from orchestration.cli.check import check
from orchestration.cli.init import init
from orchestration.cli.maintain import maintain
from orchestration.cli.open import open_
from orchestration.cli.publish import publish
from orchestration.cli.query.command import query
from orchestration.cli.query.tables import describe, tables
from orchestration.cli.refresh import refresh
from orchestration.cli.review.command import review
from orchestration.cli.show.command import show
from orchestration.cli.status import status
from orchestration.cli.ui import daemon, ui, webserver


def print_version(context: click.Context, parameter: click.Parameter, is_set: bool) -> None:
    """Print the version and the commit, and exit."""
    if is_set:
        from orchestration.publication.datapackage import code_version

        number, _, commit = code_version().partition("+")
        click.echo(f"filings {number}" + (f", commit {commit}" if commit else ""))
        context.exit()


class _Ordered(click.Group):
    """A group that lists its commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Ordered, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Show the version and the commit.",
)
def main() -> None:
    """Fetch, validate, model and publish China's public registers of algorithms and AI services."""


COMMANDS: Iterable[click.Command] = (
    refresh, status, alert, check, tables, describe, query, show, review, open_, publish, init,
    maintain, ui, webserver, daemon,
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
