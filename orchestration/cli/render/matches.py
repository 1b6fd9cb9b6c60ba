"""The list of filings and entities that match a search text."""

from rich.console import Console

from orchestration.cli.render.layout import plain_table
from orchestration.cli.render.text import line
from orchestration.cli.show.names import Matches

MATCHES_SHOWN = 20


def show_matches(console: Console, matches: Matches, *, with_all: bool) -> None:
    """Print the first twenty matches, or all, with the number or id of each."""
    shown = matches.found if with_all else matches.found[:MATCHES_SHOWN]
    table = plain_table(
        "what", "number or id", "name", "entity", "batch",
        right=("batch",), fixed=("what", "number or id", "batch"),
    )  # fmt: skip
    for item in shown:
        kind = f"former {item.kind}" if item.is_former else item.kind
        entity = "" if item.is_entity and item.name == item.entity_name else item.entity_name
        table.add_row(*map(line, (kind, item.key, item.name, entity, str(item.batch_no))))
    console.print(table)
    hidden = len(matches.found) - len(shown)
    console.print(
        f"\n{len(matches.found):,} matches"
        + (f", showing the first {len(shown)}; use --all to show all" if hidden else "")
        + ". Pass a number, an id or a longer name to see one"
    )
