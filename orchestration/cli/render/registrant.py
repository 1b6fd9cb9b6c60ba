"""A company over all registers, and the tables of what it holds."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.entries import EntryColumn, show_entries
from orchestration.cli.render.layout import (
    ENDED,
    STATES,
    count_rows,
    register_order,
    register_title,
    show_facts,
    show_timeline,
    show_title,
)
from orchestration.cli.render.registration import match_of
from orchestration.cli.render.text import line
from orchestration.cli.show.group import Group
from orchestration.cli.show.registrant import Registrant, SharedName
from orchestration.cli.show.registrations import Registration


def show_registrant(console: Console, company: Registrant) -> None:
    """Print a company with its registrations and history."""
    console.print(line(company.row.entity_name, "bold"))
    show_shared_names(console, company.shared_names)
    console.print()
    show_facts(console, _facts(company))
    show_registrations(console, company.registrations)
    if company.events:
        show_title(console, "history")
        show_timeline(console, company.events, with_numbers=True)


def show_shared_names(console: Console, names: Sequence[SharedName]) -> None:
    """Print a warning for each name that several codes have."""
    for name in names:
        left = ""
        if name.services:
            services = "1 service" if name.services == 1 else f"{name.services:,} services"
            left = f"; {services} with this name cannot be matched to a code"
        codes = ", ".join(name.entity_ids)
        message = f"FOR REVIEW: {name.entity_name} is the name of several codes: {codes}{left}"
        console.print(line(message, "yellow"))


def show_registrations(console: Console, registrations: Sequence[Registration]) -> None:
    """Print a table per register, without the columns that it leaves empty."""
    ordered = sorted(registrations, key=lambda row: register_order(row.register))
    for register, found in groupby(ordered, lambda row: row.register):
        rows = list(found)
        show_title(console, register_title(register))
        values = [_values(row) for row in rows]
        shown = [name for name in values[0] if any(row[name] for row in values)]
        cells = [[line(row[name], _STYLES.get(name, "")) for name in shown] for row in values]
        show_entries(console, [EntryColumn(name, is_text=name == "name") for name in shown], cells)


def group_fact(group: Group | None) -> Iterator[tuple[str, Text]]:
    """The names of the corporate group of a company; nothing if it is unknown."""
    if group:
        yield "group", line(f"{group.group_name} {group.group_name_en}")


def listed(registrations: Sequence[Registration], *before: str) -> Iterator[tuple[str, Text]]:
    """A fact per register: how much a company holds in it, and since when.

    `before` are the texts of registers that are counted elsewhere.
    """
    texts = list(before)
    ordered = sorted(registrations, key=lambda row: register_order(row.register))
    for register, found in groupby(ordered, lambda row: row.register):
        rows = list(found)
        ended = [row.status for row in rows if row.status in ENDED]
        counts = [
            f"{ended.count(state)} {words}" for state, words in ENDED.items() if state in ended
        ]
        months = sorted({row.listed_month for row in rows})
        period = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
        count = ", ".join([count_rows(register, len(rows)), *counts])
        texts.append(f"{register_title(register)}: {count}; {period}")
    for number, text in enumerate(texts):
        yield "" if number else "listed", line(text)


_STYLES = {"state": "yellow", "match": "dim"}


def _values(row: Registration) -> dict[str, str]:
    return {
        "list": row.listed_month,
        "passed": f"{row.passed_on or ''}{' 补登' if row.is_late_entry else ''}",
        "number": row.number,
        "type": row.service_type or "",
        "name": row.name,
        "state": STATES.get(row.status, row.status),
        "match": match_of(row, briefly=True),
    }


def _facts(company: Registrant) -> Iterator[tuple[str, Text]]:
    row = company.row
    yield "id", line(row.registrant_id)
    if row.entity_id is None:
        several = "several entity codes have this name"
        none = "no entity code is known for this name"
        yield "", line(several if company.shared_names else none, "dim")
    for name in row.other_names:
        yield "also", line(name)
    yield from group_fact(company.group)
    if row.province_name:
        yield "place", line(row.province_name)
    yield from listed(company.registrations)
