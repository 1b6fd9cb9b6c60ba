"""Events of registrations, oldest first; equal events of a company are merged."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import records

# Events without a month are sorted by the month in which the archive first saw them.
_EVENTS = """
    (select
        register, event, source, coalesce(sources, [source]) as sources, column_name, subject,
        old_value, new_value, event_month,
        strftime(min(seen_at), '%Y-%m') as seen_month,
        coalesce(event_month, strftime(min(seen_at), '%Y-%m')) as month,
        min(document_key) as document_key, min(batch_no) as batch_no,
        list(filing_number order by filing_number) as filing_numbers,
        min(event_no) as first_event_no
    from (
        from filing_events
        -- releases of earlier program versions lack these columns
        union all by name (
            select null::varchar as subject, null::varchar as register,
                null::varchar as document_key, null::varchar[] as sources
            limit 0
        )
    )
    where {condition}
    group by
        register, event, source, sources, column_name, subject, old_value, new_value,
        event_month, {apart})
    order by month, first_event_no, filing_numbers
"""


@dataclass(frozen=True)
class Event:
    """An event of one or more registrations; months are YYYY-MM.

    `sources` has `source`, and the other one if a note and a notice state the same cancellation.
    `event_month` is None if the source does not state it. `seen_month` is the month in which the
    archive first saw the event. `subject` names the information that changed, and is None for
    other kinds of event. `register` and `document_key` are None in older releases, and `batch_no`
    in registers without batches.
    """

    event: str
    source: str
    sources: list[str]
    column_name: str | None
    subject: str | None
    old_value: str | None
    new_value: str | None
    event_month: str | None
    seen_month: str
    batch_no: int | None
    filing_numbers: list[str]
    register: str | None
    document_key: str | None


def events_of_number(
    connection: duckdb.DuckDBPyConnection, number: str, register: str | None
) -> tuple[Event, ...]:
    """All events of a number in a register, or in all registers if None."""
    condition = "filing_number = $number and coalesce(register = $register, true)"
    source = _EVENTS.format(condition=condition, apart="event_no")
    values = {"number": number, "register": register}
    return records(connection, Event, source, values)


def events_of_company(
    connection: duckdb.DuckDBPyConnection, entity_id: str | None, numbers: Sequence[str]
) -> tuple[Event, ...]:
    """The events of an entity and of these numbers, without their first listing."""
    condition = (
        "(entity_id = $entity_id or list_contains($numbers::varchar[], filing_number)) "
        "and event <> 'listed'"
    )
    apart = "if(source = 'list', coalesce(batch_no::varchar, document_key), '')"
    source = _EVENTS.format(condition=condition, apart=apart)
    values = {"entity_id": entity_id, "numbers": list(numbers)}
    return records(connection, Event, source, values)
