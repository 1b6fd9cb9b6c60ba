"""An entity with its names, places, filings and unlisted numbers."""

from dataclasses import dataclass

import duckdb

from orchestration.cli.show.events import Event, events_of_company
from orchestration.cli.show.group import Group, find_group
from orchestration.cli.show.records import records
from orchestration.cli.show.registrant import SharedName, shared_names
from orchestration.cli.show.registrations import Registration, registrations_of


@dataclass(frozen=True)
class EntityRow:
    """A row of `entities`."""

    entity_id: str
    entity_name: str
    filings: int
    cancelled: int
    first_batch_no: int
    last_batch_no: int
    main_sector: str
    province_name: str | None
    city_name: str | None
    district_name: str | None
    is_for_review: bool


@dataclass(frozen=True)
class EntityName:
    """A current or former name; `relation` is how it is connected to the entity."""

    entity_name: str
    relation: str
    renamed_in_month: str | None
    first_batch_no: int | None
    last_batch_no: int | None
    other_entity_ids: list[str]
    is_for_review: bool


@dataclass(frozen=True)
class Move:
    """A change of the place in an entity's filing numbers."""

    batch_no: int
    issued_year: int
    from_province_name: str | None
    from_city_name: str | None
    from_district_name: str | None
    to_province_name: str | None
    to_city_name: str | None
    to_district_name: str | None


@dataclass(frozen=True)
class EntityFiling:
    """A filing of the entity, in brief."""

    filing_number: str
    batch_no: int
    algorithm_name: str
    role: str
    sector: str
    list_status: str
    is_cancelled: bool
    cancelled_month: str | None


@dataclass(frozen=True)
class UnlistedNumber:
    """A serial number that must have been issued, since later ones exist, but was never listed."""

    serial_no: int
    issued_year: int
    batch_no: int
    is_cancelled_by_notice: bool


@dataclass(frozen=True)
class Entity:
    """An entity with everything that a release holds about it.

    `registrations` are those of other registers than that of its filings. `listed_elsewhere` are
    the filings whose numbers other registers list too.
    """

    row: EntityRow
    names: tuple[EntityName, ...]
    moves: tuple[Move, ...]
    filings: tuple[EntityFiling, ...]
    events: tuple[Event, ...]
    unlisted: tuple[UnlistedNumber, ...]
    registrations: tuple[Registration, ...]
    listed_elsewhere: tuple[Registration, ...]
    shared_names: tuple[SharedName, ...]
    group: Group | None


def find_entity(connection: duckdb.DuckDBPyConnection, entity_id: str) -> Entity | None:
    """The entity with this seven-digit id, or None if it has no filings."""
    own, values = "where entity_id = ?", [entity_id]
    rows = records(connection, EntityRow, f"entities {own}", values)
    if not rows:
        return None
    unlisted = f"issued_numbers {own} and not is_listed order by serial_no"
    names = records(connection, EntityName, f"entity_names {own} order by name_no", values)
    filings = records(connection, EntityFiling, f"filings {own} order by batch_no, row_no", values)
    numbers = {filing.filing_number for filing in filings}
    held = registrations_of(connection, entity_id)
    return Entity(
        rows[0],
        names,
        records(connection, Move, f"entity_moves {own} order by move_no", values),
        filings,
        events_of_company(connection, entity_id, [item.number for item in held]),
        records(connection, UnlistedNumber, unlisted, values),
        tuple(item for item in held if item.number not in numbers),
        tuple(item for item in held if item.number in numbers and item.other_registers),
        shared_names(connection, entity_id, [name.entity_name for name in names]),
        find_group(connection, entity_id),
    )
