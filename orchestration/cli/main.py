"""The command line: `filings refresh | status | check | query | show | open | ui`.

Commands import heavy dependencies when they run, so that quick commands start quickly. The exit
status is 0 only if everything requested was done, 1 after an error, 2 for wrong usage and 130 after
Ctrl-C. Errors are printed as messages, never as tracebacks.
"""

import click

from orchestration.cli.check import check
from orchestration.cli.open import open_
from orchestration.cli.query.command import query
from orchestration.cli.refresh import refresh
from orchestration.cli.show.command import show
from orchestration.cli.status import status
from orchestration.cli.ui import ui


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Fetch, validate, model and publish China's public registers of algorithms and AI services."""


for command in (refresh, status, check, query, show, open_, ui):
    main.add_command(command)


if __name__ == "__main__":
    main()
