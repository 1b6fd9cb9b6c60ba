"""Search for algorithm, product and entity names in a release, including former names."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import records
from scrapers.fields.text_keys import matching_key

NEAREST = 5
_LEAST_LIKENESS = 0.7

# `kind_no` is the order in which matches are listed.
_NAMES = """
    (
        select
            1 as kind_no, 'entity' as kind, entity_id as key, names.entity_name as name,
            entities.entity_name, entities.last_batch_no as batch_no,
            names.name_no > 1 as is_former
        from entity_names as names
        inner join entities using (entity_id)
        union all
        select 2, 'algorithm', filing_number, algorithm_name, entity_name, batch_no, false
        from filings
        union all
        select 2, 'algorithm', filing_number, old_value, entity_name, filings.batch_no, true
        from filing_events
        inner join filings using (filing_number)
        where column_name = 'algorithm_name' and old_value is not null
        union all
        select 3, 'product', filing_number, product_name, entity_name, filings.batch_no, false
        from products
        inner join filings using (filing_number)
    )
"""


@dataclass(frozen=True)
class Named:
    """An entity, algorithm or product with a name.

    `key` is the entity's id or the filing's number. `entity_name` is the entity's current name, or
    the one printed in the filing's list.
    """

    kind: str
    key: str
    name: str
    entity_name: str
    batch_no: int
    is_former: bool

    @property
    def is_entity(self) -> bool:
        return self.kind == "entity"


@dataclass(frozen=True)
class Matches:
    """The entities and filings whose names match a text, each once.

    Exact matches take precedence; `in_part` counts the partial matches that were left out.
    """

    found: tuple[Named, ...]
    in_part: int = 0


def find_names(
    connection: duckdb.DuckDBPyConnection, text: str, *, include_partial: bool
) -> Matches:
    """Entities and filings with the name `text`, ignoring width, case and spacing.

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
        f"from {_NAMES} group by name having likeness >= ? order by likeness desc, name limit ?",
        [matching_key(text), _LEAST_LIKENESS, NEAREST],
    ).fetchall()
    return [name for name, _ in rows]


def _all(connection: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    return records(connection, Named, f"{_NAMES} order by kind_no, is_former, batch_no, key, name")


def _once(items: Iterable[Named]) -> tuple[Named, ...]:
    """Each entity or filing once, with the first of its matching names."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(item.key, item)
    return tuple(found.values())


def _key(text: str) -> str:
    return matching_key(text).casefold()
