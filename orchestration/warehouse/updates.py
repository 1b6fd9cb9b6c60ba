"""Updates of large tables in a copy of the previous release's database.

A new list changes few of the rows of a table, and DuckDB takes longer to store a row than to read
it. The rows that differ are found by a hash of all their columns.
"""

from collections.abc import Collection

import duckdb

from orchestration.runtime.sql import identifier
from orchestration.warehouse.row_hash import row_hash

# Smaller tables take no longer to write again, and stay sorted.
SMALLEST_UPDATED = 50_000
# The share of different rows from which writing the whole table takes less time.
LARGEST_SHARE = 0.1


def update_rows(connection: duckdb.DuckDBPyConnection, name: str, key: Collection[str]) -> bool:
    """Make the rows of a table those of the table in the database `warehouse`.

    `key` are the columns that identify a row. Returns False if the table must be written as a
    whole: it is small, it has other columns or no key, or many rows differ.
    """
    table, source = identifier(name), f"warehouse.main.{identifier(name)}"
    # Without a key, equal rows would be found only once.
    if not key or _columns(connection, table) != _columns(connection, source):
        return False
    wanted = _count(connection, source)
    if wanted < SMALLEST_UPDATED:
        return False
    hashed = row_hash(connection.table(source))
    connection.execute(
        f"""
        create or replace temp table different as
        select old_row, new_row
        from (select rowid as old_row, {hashed} as hashed from {table})
        full join (select rowid as new_row, {hashed} as hashed from {source}) using (hashed)
        where old_row is null or new_row is null
        """
    )
    ((old, new),) = connection.execute(
        "select count(old_row), count(new_row) from different"
    ).fetchall()
    if max(old, new) > LARGEST_SHARE * wanted:
        return False
    connection.execute(f"delete from {table} where rowid in (select old_row from different)")
    connection.execute(
        f"insert into {table} from {source} where rowid in (select new_row from different)"
    )
    # More or fewer rows than wanted if the key is not one.
    return _count(connection, table) == wanted


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """The names and types of the columns; empty without such a table."""
    try:
        found = connection.table(table)
    except duckdb.CatalogException:
        return []
    return list(zip(found.columns, map(str, found.types), strict=True))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((rows,),) = connection.execute(f"select count(*) from {table}").fetchall()
    return int(rows)
