"""The result of `filings show`, as text or as JSON."""

from dataclasses import asdict

import click
from rich.console import Console

from orchestration.cli.query.values import json_text
from orchestration.cli.render.entity import show_entity
from orchestration.cli.render.filing import show_filing
from orchestration.cli.render.matches import show_matches
from orchestration.cli.render.registrant import show_registrant
from orchestration.cli.render.registration import show_registered
from orchestration.cli.render.text import line
from orchestration.cli.show.entity import Entity
from orchestration.cli.show.filing import Filing
from orchestration.cli.show.registrant import Registrant
from orchestration.cli.show.registrations import Registered
from orchestration.cli.show.search import Found


def show_found(console: Console, found: Found, text: str, *, with_all: bool) -> None:
    """Print the registration, the company or the list of matches for the search text."""
    match found.subject:
        case Filing():
            show_filing(console, found.subject)
        case Entity():
            show_entity(console, found.subject)
        case Registered():
            show_registered(console, found.subject)
        case Registrant():
            show_registrant(console, found.subject)
        case _:
            show_matches(console, found.subject, with_all=with_all)
    if found.in_part:
        count = f"{found.in_part:,} more contain" if found.in_part > 1 else "1 more contains"
        console.print()
        console.print(line(f"{count} {text}; use --all to list every match", "dim"))


def print_found(found: Found) -> None:
    """Print the result as JSON: {"matches": […]}, or one object under the name of its kind.

    The kinds are `filing`, `registration`, `entity` and `registrant`.
    """
    match found.subject:
        case Filing():
            content: dict[str, object] = {"filing": asdict(found.subject)}
        case Entity():
            content = {"entity": asdict(found.subject)}
        case Registered():
            content = {"registration": asdict(found.subject)}
        case Registrant():
            content = {"registrant": asdict(found.subject)}
        case _:
            content = {"matches": [asdict(item) for item in found.subject.found]}
    click.echo(json_text(content).encode())
