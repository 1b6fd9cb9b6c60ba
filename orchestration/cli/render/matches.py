"""The list of registrations and companies that match a search text."""

from rich.console import Console

from orchestration.cli.render.entries import EntryColumn, show_entries
from orchestration.cli.render.text import line
from orchestration.cli.show.names import Matches

MATCHES_SHOWN = 20
_COLUMNS = (
    EntryColumn("what"),
    EntryColumn("number or id"),
    EntryColumn("name", is_text=True),
    EntryColumn("entity", is_text=True),
    EntryColumn("list"),
)


def show_matches(console: Console, matches: Matches, *, with_all: bool) -> None:
    """Print the first twenty matches, or all, with the number or id of each."""
    shown = matches.found if with_all else matches.found[:MATCHES_SHOWN]
    rows = []
    for item in shown:
        kind = f"former {item.kind}" if item.is_former else item.kind
        entity = "" if item.is_entity and item.name == item.entity_name else item.entity_name
        name = f"{item.name} (now {item.current_name})" if item.current_name else item.name
        listed = item.listed_month or "" if item.batch_no is None else f"batch {item.batch_no}"
        rows.append([*map(line, (kind, item.key, name, entity, listed))])
    show_entries(console, _COLUMNS, rows)
    hidden = len(matches.found) - len(shown)
    console.print(
        f"\n{len(matches.found):,} matches"
        + (f", showing the first {len(shown)}; use --all to show all" if hidden else "")
        + ". Pass a number, an id or a longer name to see one"
    )
