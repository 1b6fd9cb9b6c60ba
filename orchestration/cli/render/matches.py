"""The list of registrations and companies that match a search text."""

from rich.console import Console

from orchestration.cli.render.layout import plain_table
from orchestration.cli.render.text import line
from orchestration.cli.show.names import Matches

MATCHES_SHOWN = 20
_SHORT = 21


def show_matches(console: Console, matches: Matches, *, with_all: bool) -> None:
    """Print the first twenty matches, or all, with the number or id of each."""
    shown = matches.found if with_all else matches.found[:MATCHES_SHOWN]
    # Numbers of services can be longer than a terminal is wide.
    are_short = all(len(item.key) <= _SHORT for item in shown)
    table = plain_table(
        "what", "number or id", "name", "entity", "batch or list",
        right=("batch or list",),
        fixed=("what", "batch or list", *(["number or id"] if are_short else [])),
    )  # fmt: skip
    for item in shown:
        kind = f"former {item.kind}" if item.is_former else item.kind
        entity = "" if item.is_entity and item.name == item.entity_name else item.entity_name
        listed = item.listed_month or "" if item.batch_no is None else str(item.batch_no)
        table.add_row(*map(line, (kind, item.key, item.name, entity, listed)))
    console.print(table)
    hidden = len(matches.found) - len(shown)
    console.print(
        f"\n{len(matches.found):,} matches"
        + (f", showing the first {len(shown)}; use --all to show all" if hidden else "")
        + ". Pass a number, an id or a longer name to see one"
    )
