"""The command line: `filings refresh | status | check | query | show | open | ui`.

A command imports what it needs when it runs, so that the quick ones are quick. Exit status 0 only
if everything asked for was done, 130 after Ctrl-C; an error is a message, never a traceback.
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
    """China's register of deep-synthesis algorithms: fetched, checked, modelled, published."""


for command in (refresh, status, check, query, show, open_, ui):
    main.add_command(command)


if __name__ == "__main__":
    main()
