"""Names in a release: of algorithms, products and entities, the former ones too."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import records
from scrapers.fields.text_keys import matching_key

NEAREST = 5
_LEAST_LIKENESS = 0.7

# In the order in which matches are listed: entities, then filings by what of them is called so.
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
    """Something called `name`: an entity, by its id, or a filing, by its number, for its algorithm
    or a product. `entity_name` is the entity's as it is now, or as the filing's list prints it.
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
    """What goes by a name: exactly, or else in part; each entity and filing once. `in_part` counts
    those that only hold the text as well, where others are called exactly so.
    """

    found: tuple[Named, ...]
    in_part: int = 0


def find_names(connection: duckdb.DuckDBPyConnection, text: str, *, widely: bool) -> Matches:
    """Entities and filings called `text`, ignoring width, case and spacing.

    `widely` adds those that contain it in part to those of exactly this name.
    """
    wanted = _key(text)
    holding = [(item, _key(item.name)) for item in _all(connection)]
    holding = [(item, key) for item, key in holding if wanted in key]
    everything = _once(item for item, _ in holding)
    exact = _once(item for item, key in holding if key == wanted)
    if widely or not exact:
        return Matches(everything)
    return Matches(exact, len(everything) - len(exact))


def nearest_names(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """The names most like `text`, the likest first; none where nothing is like it."""
    rows = connection.execute(
        f"select name, max(jaro_winkler_similarity(lower(name), lower(?))) as likeness "
        f"from {_NAMES} group by name having likeness >= ? order by likeness desc, name limit ?",
        [matching_key(text), _LEAST_LIKENESS, NEAREST],
    ).fetchall()
    return [name for name, _ in rows]


def _all(connection: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    return records(connection, Named, f"{_NAMES} order by kind_no, is_former, batch_no, key, name")


def _once(items: Iterable[Named]) -> tuple[Named, ...]:
    """Each entity or filing by the first of its names."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(item.key, item)
    return tuple(found.values())


def _key(text: str) -> str:
    return matching_key(text).casefold()
