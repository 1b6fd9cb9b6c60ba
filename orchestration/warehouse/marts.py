"""Export of the marts to files: one DuckDB file with commented tables, and Parquet files."""

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from orchestration.runtime.sql import identifier, text
from orchestration.warehouse.compared import Compared
from orchestration.warehouse.updates import update_rows
from scrapers.files import link_file

DATABASE = "filings.duckdb"
# The oldest format that DuckDB writes, so that releases open in DuckDB 1.1 and later.
STORAGE_VERSION = "v1.0.0"
_ROWS_AT_ONCE = 10_000
# Larger sorts use the disk. Half of it makes the largest table of 3 million filings 70 % slower.
_MOST_MEMORY = 4_000_000_000
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True)
class Mart:
    """A mart's name, its description and its columns' descriptions, as dbt documents them.

    `compared` says how the rows of a register are compared between releases. Marts without it are
    not compared. `key` are the columns that identify a row, as a data test checks; they may be
    none.
    """

    name: str
    description: str
    columns: Mapping[str, str]
    compared: Compared | None = None
    key: tuple[str, ...] = ()

    def order(self, columns: Sequence[str]) -> Sequence[str]:
        """The leading columns by which rows are in the order of all columns.

        These are the columns up to the last one of the key. Sorting by them takes less memory.
        """
        places = [columns.index(name) for name in self.key if name in columns]
        if not self.key or len(places) < len(self.key):
            return columns
        return columns[: max(places) + 1]


@dataclass(frozen=True)
class Previous:
    """An undamaged release of the same program, whose files may become those of the next one.

    `unchanged` are the names of the marts whose rows are the same in the warehouse. If
    `is_updated`, the database of the next release is made from a copy of its database.
    """

    release: Path
    unchanged: Collection[str]
    is_updated: bool = False


def export_marts(
    warehouse: Path, marts: Sequence[Mart], folder: Path, previous: Previous | None = None
) -> dict[str, int]:
    """Write `filings.duckdb` and `parquet/<mart>.parquet` into `folder`; the row counts by mart.

    The rows of Parquet files are sorted by all columns, so equal contents give equal files. The
    files of unchanged marts are hard links to those of the previous release. The rows of tables
    that come from a copy of the previous database are in no particular order.
    """
    (folder / "parquet").mkdir(parents=True)
    kept: set[str] = set()
    if previous and previous.is_updated:
        shutil.copyfile(previous.release / DATABASE, folder / DATABASE)
    else:
        _create(folder / DATABASE)
    unchanged = set(previous.unchanged) if previous else set()
    rows = {}
    with duckdb.connect(str(folder / DATABASE)) as connection:
        _limit_memory(connection)
        connection.execute(f"attach {text(warehouse)} as warehouse (read_only)")
        if previous and previous.is_updated:
            kept = _updated(connection, marts, unchanged)
        # One commit for all tables: each commit of a comment would wait for the disk.
        connection.begin()
        for mart in marts:
            path = folder / "parquet" / f"{mart.name}.parquet"
            if mart.name not in kept:
                _copy(connection, mart)
            if previous and mart.name in unchanged:
                link_file(previous.release / "parquet" / path.name, path)
            elif mart.name in kept:
                _write_parquet(connection, f"(from {_ordered(connection, mart)})", path)
            else:
                _write_parquet(connection, identifier(mart.name), path)
            rows[mart.name] = _count(connection, mart.name)
        connection.commit()
        connection.execute("detach warehouse")
    return rows


def export_rows(
    mart: Mart, types: Mapping[str, str], rows: Iterable[Sequence[object]], folder: Path
) -> int:
    """Add a table with these rows to the files in `folder`; the number of rows."""
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in types.items())
    left = iter(rows)
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in types.values())
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.begin()
        table = identifier(mart.name)
        connection.execute(f"create table {table} ({columns})")
        # Insert by column: thousands of single-row inserts would take seconds.
        while some := list(islice(left, _ROWS_AT_ONCE)):
            values = [list(column) for column in zip(*some, strict=True)]
            connection.execute(f"insert into {table} select {lists}", values)
        _comment(connection, mart)
        _write_parquet(connection, table, folder / "parquet" / f"{mart.name}.parquet")
        connection.commit()
        return _count(connection, mart.name)


def _limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB below `_MOST_MEMORY` and below half of the memory of the machine or container."""
    connection.execute("set memory_limit = '50%'")
    ((half,),) = connection.execute("select current_setting('memory_limit')").fetchall()
    number, unit = str(half).split()
    if float(number) * 1024 ** _UNITS.index(unit) > _MOST_MEMORY:
        connection.execute(f"set memory_limit = '{_MOST_MEMORY}B'")


def _create(database: Path) -> None:
    """Create an empty database; tables added later keep its storage version."""
    with duckdb.connect() as connection:
        connection.execute(
            f"attach {text(database)} as release (storage_version '{STORAGE_VERSION}')"
        )


def _updated(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], unchanged: Collection[str]
) -> set[str]:
    """Update the tables of a previous database; the names of those that now equal the warehouse.

    All other tables are dropped, and new ones take their place in the file.
    """
    connection.begin()
    kept = {
        mart.name
        for mart in marts
        if mart.name in unchanged or update_rows(connection, mart.name, mart.key)
    }
    query = "select table_name from duckdb_tables() where database_name = current_database()"
    for (name,) in connection.execute(query).fetchall():
        if name not in kept:
            connection.execute(f"drop table {identifier(name)}")
    connection.commit()
    connection.execute("checkpoint")
    return kept


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Copy the table of a mart from the warehouse in the order of its rows, with comments."""
    table = identifier(mart.name)
    connection.execute(
        f"create table {table} as from {_ordered(connection, mart, 'warehouse.main.')}"
    )
    _comment(connection, mart)


def _ordered(connection: duckdb.DuckDBPyConnection, mart: Mart, schema: str = "") -> str:
    """The table of a mart, and the clause that sorts its rows."""
    source = f"{schema}{identifier(mart.name)}"
    order = ", ".join(map(identifier, mart.order(connection.table(source).columns)))
    return f"{source} order by {order}"


def _comment(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    table = identifier(mart.name)
    connection.execute(f"comment on table {table} is {text(mart.description)}")
    for column, description in mart.columns.items():
        connection.execute(f"comment on column {table}.{identifier(column)} is {text(description)}")


def _write_parquet(connection: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    connection.execute(f"copy {rows} to {text(path)} (format parquet)")


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    ((rows,),) = connection.execute(f"select count(*) from {identifier(name)}").fetchall()
    return int(rows)
