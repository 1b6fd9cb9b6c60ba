"""Events of filings, oldest first; equal events of an entity's filings are merged."""

from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import records

# Events without a month are sorted by the month in which the archive first saw them.
_EVENTS = """
    (select
        event, source, column_name, subject, old_value, new_value, event_month,
        strftime(min(seen_at), '%Y-%m') as seen_month,
        coalesce(event_month, strftime(min(seen_at), '%Y-%m')) as month,
        min(batch_no) as batch_no, list(filing_number order by filing_number) as filing_numbers,
        min(event_no) as first_event_no
    from (
        from filing_events
        -- releases of earlier program versions have no column `subject`
        union all by name (select null::varchar as subject limit 0)
    )
    where {condition}
    group by event, source, column_name, subject, old_value, new_value, event_month, {apart})
    order by month, first_event_no, filing_numbers
"""


@dataclass(frozen=True)
class Event:
    """An event of one or more filings; months are YYYY-MM.

    `event_month` is None if the source does not state it. `seen_month` is the month in which the
    archive first saw the event. `subject` names the information that changed, and is None for
    other kinds of event.
    """

    event: str
    source: str
    column_name: str | None
    subject: str | None
    old_value: str | None
    new_value: str | None
    event_month: str | None
    seen_month: str
    batch_no: int
    filing_numbers: list[str]


def events_of_filing(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Event, ...]:
    """All events of a filing."""
    source = _EVENTS.format(condition="filing_number = ?", apart="event_no")
    return records(connection, Event, source, [number])


def events_of_entity(connection: duckdb.DuckDBPyConnection, entity_id: str) -> tuple[Event, ...]:
    """The events of an entity's filings, without their first listing."""
    condition = "entity_id = ? and event <> 'listed'"
    source = _EVENTS.format(condition=condition, apart="if(source = 'list', batch_no, 0)")
    return records(connection, Event, source, [entity_id])
