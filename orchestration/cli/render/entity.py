"""An entity: current and former names and places, filings and their history."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.entries import EntryColumn, show_entries
from orchestration.cli.render.layout import (
    STATES,
    count_rows,
    place,
    register_title,
    show_facts,
    show_timeline,
    show_title,
)
from orchestration.cli.render.registrant import (
    group_fact,
    listed,
    show_registrations,
    show_shared_names,
)
from orchestration.cli.render.text import cell, line
from orchestration.cli.show.entity import Entity, EntityFiling, EntityName, Move, UnlistedNumber
from scrapers.registers import DEEP_SYNTHESIS

_COLUMNS = (
    EntryColumn("batch", is_right=True),
    EntryColumn("number"),
    EntryColumn("algorithm", is_text=True),
    EntryColumn("sector"),
    EntryColumn("state"),
)


def show_entity(console: Console, entity: Entity) -> None:
    """Print an entity with its filings, history and unlisted numbers."""
    row = entity.row
    console.print(line(row.entity_name, "bold"))
    if row.is_for_review:
        message = "FOR REVIEW: its names may belong to more than one company"
        console.print(line(message, "yellow"))
    show_shared_names(console, entity.shared_names)
    console.print()
    show_facts(console, _facts(entity))
    show_title(console, register_title(DEEP_SYNTHESIS.name))
    rows = []
    for filing in entity.filings:
        values = (str(filing.batch_no), filing.filing_number, filing.algorithm_name, filing.sector)
        rows.append([*map(line, values), _state(filing)])
    show_entries(console, _COLUMNS, rows)
    for item in entity.listed_elsewhere:
        others = ", ".join(register_title(name) for name in item.other_registers)
        console.print(line(f"{item.number} is also listed in {others}", "dim"))
    show_registrations(console, entity.registrations)
    if entity.events:
        show_title(console, "history")
        show_timeline(console, entity.events, with_numbers=True)
    if entity.unlisted:
        show_title(console, "numbers issued but never listed")
        for number in entity.unlisted:
            console.print(cell(_unlisted(number)))


def _facts(entity: Entity) -> Iterator[tuple[str, Text]]:
    row = entity.row
    yield "id", line(row.entity_id)
    for name in entity.names:
        if name.relation == "latest":
            if name.other_entity_ids:
                yield "same name", line(", ".join(name.other_entity_ids), "yellow")
        else:
            yield "formerly", line(_former(name), "yellow" if name.is_for_review else "")
    yield from group_fact(entity.group)
    yield "place", line(place(row.province_name, row.city_name, row.district_name))
    for move in entity.moves:
        yield "moved", line(_move(move))
    cancelled = f", {row.cancelled} cancelled" if row.cancelled else ""
    batches = f"batch {row.first_batch_no}"
    if row.last_batch_no != row.first_batch_no:
        batches = f"batches {row.first_batch_no} to {row.last_batch_no}"
    filings = count_rows(DEEP_SYNTHESIS.name, row.filings)
    own = f"{register_title(DEEP_SYNTHESIS.name)}: {filings}{cancelled}; {batches}"
    yield from listed(entity.registrations, own)
    yield "sector", line(f"mostly {row.main_sector}")


def _former(name: EntityName) -> str:
    """A former name with its relation to the entity, its batches and its other users."""
    facts = [name.relation]
    if name.renamed_in_month:
        facts.append(f"in {name.renamed_in_month}")
    if name.first_batch_no:
        last = f" to {name.last_batch_no}" if name.last_batch_no != name.first_batch_no else ""
        facts.append(f"batch {name.first_batch_no}{last}")
    if name.other_entity_ids:
        facts.append(f"also used by {', '.join(name.other_entity_ids)}")
    if name.is_for_review:
        facts.append("for review")
    return f"{name.entity_name} ({', '.join(facts)})"


def _move(move: Move) -> str:
    before = place(move.from_province_name, move.from_city_name, move.from_district_name)
    after = place(move.to_province_name, move.to_city_name, move.to_district_name)
    return f"{before} → {after} (number of {move.issued_year}, batch {move.batch_no})"


def _state(filing: EntityFiling) -> Text:
    if filing.is_cancelled:
        return Text(f"cancelled {filing.cancelled_month or ''}".rstrip(), "red")
    return Text(STATES.get(filing.list_status, filing.list_status), "yellow")


def _unlisted(number: UnlistedNumber) -> str:
    cancelled = "; cancelled by a notice" if number.is_cancelled_by_notice else ""
    return (
        f"  {number.serial_no:03d}  issued in {number.issued_year} or earlier, "
        f"before a number in batch {number.batch_no}{cancelled}"
    )
