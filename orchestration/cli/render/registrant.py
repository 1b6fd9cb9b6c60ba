"""A company over all registers, and the tables of what it holds."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.layout import (
    STATES,
    plain_table,
    register_order,
    register_title,
    show_facts,
    show_timeline,
    show_title,
)
from orchestration.cli.render.registration import match_of
from orchestration.cli.render.text import line
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
        table = plain_table(*shown, fixed=("list", "passed", "type", "state", "match"))
        for row in values:
            table.add_row(*(line(row[name], _STYLES.get(name, "")) for name in shown))
        console.print(table)


_STYLES = {"state": "yellow", "match": "dim"}


def _values(row: Registration) -> dict[str, str]:
    return {
        "list": row.listed_month,
        "passed": str(row.passed_on or ""),
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
    if row.province_name:
        yield "place", line(row.province_name)
    count = f"{row.registrations} registration{'' if row.registrations == 1 else 's'}"
    registers = f"{row.registers} register{'' if row.registers == 1 else 's'}"
    months = row.first_month
    if row.last_month != row.first_month:
        months = f"{row.first_month} to {row.last_month}"
    yield "listed", line(f"{count} in {registers}; {months}")
