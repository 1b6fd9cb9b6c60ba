"""A company over all registers: its registrations, and its names that need a review."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.events import Event, events_of_company
from orchestration.cli.show.group import Group, find_group
from orchestration.cli.show.records import has_registrations, records
from orchestration.cli.show.registrations import Registration, registrations_of
from scrapers.fields.text_keys import matching_key


@dataclass(frozen=True)
class RegistrantRow:
    """A row of `registrants`. `entity_id` is None if no code is known for the company."""

    registrant_id: str
    entity_id: str | None
    entity_name: str
    other_names: list[str]
    province_name: str | None
    registers: int
    registrations: int
    first_month: str
    last_month: str


@dataclass(frozen=True)
class SharedName:
    """A name that several entity codes have, so that no service can be matched by it."""

    entity_name: str
    entity_ids: list[str]
    services: int


@dataclass(frozen=True)
class Registrant:
    """A company without a row in `entities`, with everything that it holds."""

    row: RegistrantRow
    registrations: tuple[Registration, ...]
    shared_names: tuple[SharedName, ...]
    events: tuple[Event, ...]
    group: Group | None


def find_registrant(connection: duckdb.DuckDBPyConnection, key: str) -> Registrant | None:
    """The company with this entity code, or with this `name:…` as in `registrants`."""
    if not has_registrations(connection):
        return None
    rows = records(connection, RegistrantRow, "registrants where registrant_id = ?", [key])
    if not rows:
        return None
    row, held = rows[0], registrations_of(connection, key)
    names = (row.entity_name, *row.other_names)
    return Registrant(
        row,
        held,
        shared_names(connection, row.entity_id, names),
        events_of_company(connection, row.entity_id, [item.number for item in held]),
        find_group(connection, row.entity_id),
    )


def shared_names(
    connection: duckdb.DuckDBPyConnection, entity_id: str | None, names: Iterable[str]
) -> tuple[SharedName, ...]:
    """The names of a company that other codes have too; none in older releases."""
    if not has_registrations(connection):
        return ()
    keys = {matching_key(name) for name in names}
    found = records(connection, SharedName, "names_for_review order by entity_name")
    return tuple(
        item
        for item in found
        if entity_id in item.entity_ids or matching_key(item.entity_name) in keys
    )
