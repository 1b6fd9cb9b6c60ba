"""Search for the names of companies, algorithms, services and products, with former names."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import has_registrations, records
from scrapers.fields.text_keys import matching_key

NEAREST = 5
_LEAST_LIKENESS = 0.7

# `kind_no` is the order in which matches are listed.
_FILINGS = """
        select
            1 as kind_no, 'entity' as kind, entity_id as key, names.entity_name as name,
            entities.entity_name, entities.last_batch_no as batch_no,
            null::varchar as listed_month, names.name_no > 1 as is_former
        from entity_names as names
        inner join entities using (entity_id)
        union all
        select 2, 'algorithm', filing_number, algorithm_name, entity_name, batch_no, null, false
        from filings
        union all
        select 2, 'algorithm', filing_number, old_value, entity_name, filings.batch_no, null, true
        from filing_events
        inner join filings using (filing_number)
        where column_name = 'algorithm_name' and old_value is not null
        union all
        select
            3, 'product', filing_number, product_name, entity_name, filings.batch_no, null, false
        from products
        inner join filings using (filing_number)
"""
# The names that only the tables about all registers have.
_REGISTRATIONS = """
        select 1, 'entity', registrant_id, name, entity_name, null, last_month, false
        from (
            select *, unnest(list_prepend(entity_name, other_names)) as name from registrants
        )
        where (registrant_id, name) not in (select (entity_id, entity_name) from entity_names)
        union all
        select
            2, if(service_type is null, 'algorithm', 'service'), number, name, entity_name, null,
            listed_month, false
        from registrations
        where number not in (select filing_number from filings)
        union all
        select
            2, if(service_type is null, 'algorithm', 'service'), number, old_value, entity_name,
            null, listed_month, true
        from (
            select distinct register, filing_number as number, old_value
            from filing_events
            where column_name in ('algorithm_name', 'service_name') and old_value is not null
        )
        inner join registrations using (register, number)
        where number not in (select filing_number from filings)
"""


@dataclass(frozen=True)
class Named:
    """A company, algorithm, service or product with a name.

    `key` is the company's id or the registration's number. `entity_name` is the company's current
    name, or the one printed in the list. Where there is no batch, `listed_month` is the month of
    the list, or of the company's last one.
    """

    kind: str
    key: str
    name: str
    entity_name: str
    batch_no: int | None
    listed_month: str | None
    is_former: bool

    @property
    def is_entity(self) -> bool:
        return self.kind == "entity"


@dataclass(frozen=True)
class Matches:
    """The companies and registrations whose names match a text, each once.

    Exact matches take precedence; `in_part` counts the partial matches that were left out.
    """

    found: tuple[Named, ...]
    in_part: int = 0


def find_names(
    connection: duckdb.DuckDBPyConnection, text: str, *, include_partial: bool
) -> Matches:
    """Companies and registrations with the name `text`, ignoring width, case and spacing.

    Names that only contain `text` count if there is no exact match, or if `include_partial` is set.
    """
    wanted = _key(text)
    holding = [(item, _key(item.name)) for item in _all(connection)]
    holding = [(item, key) for item, key in holding if wanted in key]
    everything = _once(item for item, _ in holding)
    exact = _once(item for item, key in holding if key == wanted)
    if include_partial or not exact:
        return Matches(everything)
    return Matches(exact, len(everything) - len(exact))


def nearest_names(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """The names most similar to `text`, best first; empty if none is similar."""
    rows = connection.execute(
        f"select name, max(jaro_winkler_similarity(lower(name), lower(?))) as likeness "
        f"from {_names(connection)} group by name having likeness >= ? "
        "order by likeness desc, name limit ?",
        [matching_key(text), _LEAST_LIKENESS, NEAREST],
    ).fetchall()
    return [name for name, _ in rows]


def _all(connection: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    order = "kind_no, is_former, batch_no, listed_month, key, name"
    return records(connection, Named, f"{_names(connection)} order by {order}")


def _names(connection: duckdb.DuckDBPyConnection) -> str:
    parts = [_FILINGS, _REGISTRATIONS] if has_registrations(connection) else [_FILINGS]
    return f"({' union all '.join(parts)})"


def _once(items: Iterable[Named]) -> tuple[Named, ...]:
    """Each company or registration once, with the first of its matching names."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(item.key, item)
    return tuple(found.values())


def _key(text: str) -> str:
    return matching_key(text).casefold()
