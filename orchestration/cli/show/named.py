"""The names of companies, algorithms, services and products in a release, with former names."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import has_groups, has_registrations, records
from scrapers.fields.products import read_products

# `kind_no` is the order in which matches are listed.
_FILINGS = """
        select
            1 as kind_no, 'entity' as kind, entity_id as key, names.entity_name as name,
            entities.entity_name, entities.last_batch_no as batch_no,
            null::varchar as listed_month, names.name_no > 1 as is_former,
            null::varchar as current_name
        from entity_names as names
        inner join entities using (entity_id)
        union all
        select
            2, 'algorithm', filing_number, algorithm_name, entity_name, batch_no, null, false, null
        from filings
        union all
        select
            2, 'algorithm', filing_number, old_value, entity_name, filings.batch_no, null, true,
            filings.algorithm_name
        from filing_events
        inner join filings using (filing_number)
        where column_name = 'algorithm_name' and old_value is not null
        union all
        select
            3, 'product', filing_number, product_name, entity_name, filings.batch_no, null, false,
            null
        from products
        inner join filings using (filing_number)
"""
# The names that only the tables about all registers have.
_REGISTRATIONS = """
        select 1, 'entity', registrant_id, name, entity_name, null, last_month, false, null
        from (
            select *, unnest(list_prepend(entity_name, other_names)) as name from registrants
        )
        where (registrant_id, name) not in (select (entity_id, entity_name) from entity_names)
        union all
        select
            2, if(service_type is null, 'algorithm', 'service'), number, name, entity_name, null,
            listed_month, false, null
        from registrations
        where number not in (select filing_number from filings)
        union all
        select
            2, if(service_type is null, 'algorithm', 'service'), number, old_value, entity_name,
            null, listed_month, true, name
        from (
            select distinct register, filing_number as number, old_value
            from filing_events
            where column_name in ('algorithm_name', 'service_name') and old_value is not null
        )
        inner join registrations using (register, number)
        where number not in (select filing_number from filings)
"""
# Names of corporate groups, in Chinese and English, which find their companies.
_GROUPS = """
    select
        'entity' as kind, unnest(entity_ids) as key, name, unnest(entity_names) as entity_name,
        null::integer as batch_no, null::varchar as listed_month, false as is_former,
        null::varchar as current_name
    from (select *, unnest([group_name, group_name_en]) as name from entity_groups)
"""
# Cells with products as last printed. Only deep synthesis has a table of them.
_PRODUCT_CELLS = """
    select filing_number, products, entity_name, list_month
    from filing_versions
    where register <> 'deep_synthesis'
    qualify
        row_number() over (partition by register, filing_number order by version_no desc) = 1
    order by list_month, filing_number
"""


@dataclass(frozen=True)
class Named:
    """A company, algorithm, service or product with a name.

    `key` is the company's id or the registration's number. `entity_name` is the company's current
    name, or the one printed in the list. Where there is no batch, `listed_month` is the month of
    the list, or of the company's last one. `current_name` is that of a registration that is found
    by a former name.
    """

    kind: str
    key: str
    name: str
    entity_name: str
    batch_no: int | None
    listed_month: str | None
    is_former: bool
    current_name: str | None = None

    @property
    def is_entity(self) -> bool:
        return self.kind == "entity"


def all_named(connection: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    """Every name of a release, in the order in which matches are listed."""
    order = "kind_no, is_former, batch_no, listed_month, key, name"
    if not has_registrations(connection):
        return records(connection, Named, f"({_FILINGS}) order by {order}")
    union = f"({_FILINGS} union all {_REGISTRATIONS}) order by {order}"
    groups = records(connection, Named, f"({_GROUPS})") if has_groups(connection) else ()
    return groups + records(connection, Named, union) + tuple(_products(connection))


def _products(connection: duckdb.DuckDBPyConnection) -> Iterator[Named]:
    """The products in the cells of other registers; products are the last kind of match."""
    for number, cell, entity_name, month in connection.execute(_PRODUCT_CELLS).fetchall():
        for product in read_products(cell or ""):
            yield Named("product", number, product.name, entity_name, None, month, False)
