"""A registration of any register: what its list prints, derived fields, and its history."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.layout import (
    list_label,
    place,
    register_title,
    show_facts,
    show_timeline,
    show_title,
    show_versions,
)
from orchestration.cli.render.text import line
from orchestration.cli.show.registrations import Record, Registered, Registration
from orchestration.publication.purposes import OF_A_ROW

_STATES = {
    "withdrawn_from_list": "WITHDRAWN: no longer in the list; values are from its last version",
    "quarantined": "IN QUARANTINE: the row is invalid; values are from its last valid version",
}
_MATCHES = {
    "name": "matched by name",
    "former_name": "matched by a former name",
    "none": "no entity code has this name",
}
# The same in the columns of a table.
_BRIEFLY = {"name": "by name", "former_name": "by former name", "none": "no code"}


def show_registered(console: Console, found: Registered) -> None:
    """Print a registration with its history, and its rows in other registers."""
    row = found.row
    console.print(line(row.name, "bold"))
    if row.status == "cancelled":
        console.print(line(_cancelled(found.record), "bold red"))
    if row.status in _STATES:
        console.print(line(_STATES[row.status], "bold red"))
    console.print()
    show_facts(console, _facts(found), source=row.source_url)
    _show_history(console, found.record)
    show_elsewhere(console, found.elsewhere)


def show_elsewhere(console: Console, records: Sequence[Record]) -> None:
    """Print the rows of other registers that list the same number."""
    for record in records:
        show_title(console, f"also listed in {register_title(record.printed.register)}")
        show_facts(console, _printed(record))
        _show_history(console, record)


def _cancelled(record: Record) -> str:
    """Month and sources of the cancellation, as its last event states them."""
    events = [event for event in record.events if event.event == "cancelled"]
    if not events:
        return "CANCELLED"
    when = f" in {events[-1].event_month}" if events[-1].event_month else ""
    return f"CANCELLED{when} by {' and '.join(sorted(events[-1].sources, reverse=True))}"


def match_of(row: Registration, *, briefly: bool = False) -> str:
    """How the company of a registration was found; empty if its number has the code."""
    if row.entity_match is None:
        return ""
    if len(row.candidate_entity_ids) > 1:
        codes = ", ".join(row.candidate_entity_ids)
        return "several codes" if briefly else f"several codes have this name: {codes}"
    return (_BRIEFLY if briefly else _MATCHES).get(row.entity_match, row.entity_match)


def _show_history(console: Console, record: Record) -> None:
    show_title(console, "history")
    show_timeline(console, record.events, with_numbers=False)
    show_versions(console, record.versions)


def _facts(found: Registered) -> Iterator[tuple[str, Text]]:
    row, printed = found.row, found.record.printed
    yield "number", line(row.number)
    yield "register", line(register_title(row.register))
    if row.service_type:
        yield "type", line(row.service_type)
    code = f" ({row.entity_id})" if row.entity_id else ""
    yield "entity", line(f"{row.entity_name}{code}")
    if how := match_of(row):
        yield "", line(how, "yellow" if len(row.candidate_entity_ids) > 1 else "dim")
    yield from _swapped(row)
    if row.province_name:
        yield "place", line(place(row.province_name, row.city_name or "", row.district_name))
    if row.passed_on:
        late = " (补登: entered in the list later)" if row.is_late_entry else ""
        yield "passed", line(f"{row.passed_on}{late}")
    yield from _printed(found.record, known=(row.name, row.entity_name, row.province_name))
    # Without a purpose, only the names of registration and company name a sector.
    estimated = "" if printed.purpose else ", estimated from names only"
    yield "sector", line(f"{row.sector}{estimated}")


def _swapped(row: Registration) -> Iterator[tuple[str, Text]]:
    """What the list prints if service and company are in each other's column."""
    if row.is_swapped:
        yield "printed", line("service and company in each other's column", "yellow")
        yield "", line(f"service column: {row.printed_service_name}")
        yield "", line(f"company column: {row.printed_entity_name}")


def _printed(record: Record, known: Sequence[str | None] = ()) -> Iterator[tuple[str, Text]]:
    """The columns that the list prints, without empty ones and values that are known."""
    printed = record.printed
    yield "list", line(list_label(printed.register, printed.document_key))
    values = {
        "name": printed.name, "entity": printed.entity_name,
        "category": printed.category, "role": printed.role, "region": printed.region_name,
        "products": printed.products, "purpose": printed.purpose, "devices": printed.devices,
        "note": printed.note,
    }  # fmt: skip
    for label, value in values.items():
        if value and value not in known:
            yield label, line(value.replace("_", " ") if label == "role" else value)
        if label == "purpose" and printed.purpose_origin:
            yield "", line(OF_A_ROW.get(printed.purpose_origin, printed.purpose_origin), "dim")
