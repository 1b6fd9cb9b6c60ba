"""Registrations of all registers: one number, or everything that a company holds."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.cli.show.events import Event, events_of_number
from orchestration.cli.show.records import has_registrations, records, with_purpose_origin

# Only services are matched to companies by name; elsewhere the number has the entity's code.
_REGISTRATIONS = """
    (
        select registrations.*, entity_match, coalesce(candidate_entity_ids, []) as
            candidate_entity_ids, coalesce(is_swapped, false) as is_swapped,
            printed_service_name, printed_entity_name,
            coalesce(is_late_entry, false) as is_late_entry, city_name, district_name
        from registrations
        left join (
            select
                service_number, entity_match, candidate_entity_ids, is_swapped,
                printed_service_name, printed_entity_name, is_late_entry
            from generative_services
        ) on number = service_number
        left join (
            select filing_number, city_name, district_name from recommendation_filings
        ) on number = filing_number and register = 'recommendation'
    )
"""


@dataclass(frozen=True)
class Registration:
    """A row of `registrations`, with the way in which its company was found.

    `is_swapped` is set if the list prints the names of service and company in each other's column.
    The printed names are what the two columns hold, and None outside the register of services.
    `is_late_entry` is set if the list marks the date of a service with 补登. City and district are
    known in the register of recommendation algorithms only.
    """

    register: str
    number: str
    service_type: str | None
    name: str
    registrant_id: str
    entity_id: str | None
    entity_name: str
    province_name: str | None
    sector: str
    listed_month: str
    passed_on: date | None
    status: str
    other_registers: list[str]
    source_url: str
    entity_match: str | None
    candidate_entity_ids: list[str]
    is_swapped: bool
    printed_service_name: str | None
    printed_entity_name: str | None
    is_late_entry: bool
    city_name: str | None
    district_name: str | None


@dataclass(frozen=True)
class Printed:
    """A number as its list prints it: the last version. Columns that a register lacks are None."""

    register: str
    document_key: str
    list_month: str
    name: str
    entity_name: str
    category: str | None
    role: str | None
    region_name: str | None
    products: str | None
    purpose: str | None
    purpose_origin: str | None
    devices: str | None
    note: str | None


@dataclass(frozen=True)
class Version:
    """A version of a row; `valid_to` is None while it is current."""

    version_no: int
    valid_from: datetime
    valid_to: datetime | None
    started_as: str
    ended_as: str | None
    changed_columns: list[str]


@dataclass(frozen=True)
class Record:
    """A number in one register, with its history."""

    printed: Printed
    events: tuple[Event, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Registered:
    """A registration, its record, and its records in other registers that list the number."""

    row: Registration
    record: Record
    elsewhere: tuple[Record, ...]


def find_registration(connection: duckdb.DuckDBPyConnection, number: str) -> Registration | None:
    """The registration with this number, ignoring case; None if there is none."""
    if not has_registrations(connection):
        return None
    source = f"{_REGISTRATIONS} where lower(number) = lower($number) order by number <> $number"
    return next(iter(records(connection, Registration, source, {"number": number})), None)


def find_registered(connection: duckdb.DuckDBPyConnection, number: str) -> Registered | None:
    """The registration with this number and its history; None if there is none."""
    row = find_registration(connection, number)
    if row is None:
        return None
    own = record_in(connection, row.number, row.register)
    if own is None:
        return None
    others = (record_in(connection, row.number, name) for name in row.other_registers)
    return Registered(row, own, tuple(record for record in others if record is not None))


def registrations_of(
    connection: duckdb.DuckDBPyConnection, registrant_id: str
) -> tuple[Registration, ...]:
    """The registrations of a company in all registers, oldest first; none in older releases."""
    if not has_registrations(connection):
        return ()
    source = f"{_REGISTRATIONS} where registrant_id = ? order by register, listed_month, number"
    return records(connection, Registration, source, [registrant_id])


def record_in(connection: duckdb.DuckDBPyConnection, number: str, register: str) -> Record | None:
    """A number in a register, or None if no list of it has ever contained the number."""
    rows = f"""
        (
            select *, coalesce(algorithm_name, service_name) as name
            from {with_purpose_origin("filing_versions")}
            where filing_number = ? and register = ?
        )
    """
    values = [number, register]
    printed = records(connection, Printed, f"{rows} order by version_no desc limit 1", values)
    if not printed:
        return None
    return Record(
        printed[0],
        events_of_number(connection, number, register),
        versions_of(connection, number, register),
    )


def versions_of(
    connection: duckdb.DuckDBPyConnection, number: str, register: str | None
) -> tuple[Version, ...]:
    """The versions of a number in a register, or in all registers if None."""
    source = """
        (
            from filing_versions
            -- releases of earlier program versions lack the column
            union all by name (select null::varchar as register limit 0)
        )
        where filing_number = $number and coalesce(register = $register, true)
        order by version_no
    """
    return records(connection, Version, source, {"number": number, "register": register})
