"""Export of the marts to files: one DuckDB file with commented tables, and Parquet files."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from orchestration.runtime.sql import text
from orchestration.warehouse.compared import Compared
from scrapers.files import link_file

DATABASE = "filings.duckdb"
# The oldest format that DuckDB writes, so that releases open in DuckDB 1.1 and later.
STORAGE_VERSION = "v1.0.0"
_ROWS_AT_ONCE = 10_000
# Larger sorts use the disk. Half of it makes a million filings 20 % slower.
_MOST_MEMORY = 2_000_000_000


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
class Unchanged:
    """A release, and the names of the marts whose rows are the same in the warehouse."""

    release: Path
    marts: Collection[str]


def export_marts(
    warehouse: Path, marts: Sequence[Mart], folder: Path, unchanged: Unchanged | None = None
) -> dict[str, int]:
    """Write `filings.duckdb` and `parquet/<mart>.parquet` into `folder`; the row counts by mart.

    Rows are sorted by all columns, so equal contents give equal Parquet files. The files of
    `unchanged` marts are hard links to those of their release, which must be undamaged.
    """
    (folder / "parquet").mkdir(parents=True)
    _create(folder / DATABASE)
    rows = {}
    with duckdb.connect(str(folder / DATABASE)) as connection:
        _limit_memory(connection)
        connection.execute(f"attach {text(warehouse)} as warehouse (read_only)")
        if unchanged and not _attached(connection, unchanged.release):
            unchanged = None
        # One commit for all tables: each commit of a comment would wait for the disk.
        connection.begin()
        for mart in marts:
            if unchanged and mart.name in unchanged.marts:
                table = _name(mart.name)
                connection.execute(f"create table {table} as from previous.main.{table}")
                rows[mart.name] = _finish(connection, mart, folder, unchanged.release)
            else:
                _copy(connection, mart)
                rows[mart.name] = _finish(connection, mart, folder)
        connection.commit()
        connection.execute("detach warehouse")
    return rows


def export_rows(
    mart: Mart, types: Mapping[str, str], rows: Iterable[Sequence[object]], folder: Path
) -> int:
    """Add a table with these rows to the files in `folder`; the number of rows."""
    columns = ", ".join(f"{_name(name)} {kind}" for name, kind in types.items())
    left = iter(rows)
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in types.values())
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.begin()
        table = _name(mart.name)
        connection.execute(f"create table {table} ({columns})")
        # Insert by column: thousands of single-row inserts would take seconds.
        while some := list(islice(left, _ROWS_AT_ONCE)):
            values = [list(column) for column in zip(*some, strict=True)]
            connection.execute(f"insert into {table} select {lists}", values)
        count = _finish(connection, mart, folder)
        connection.commit()
    return count


def _limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB below `_MOST_MEMORY` and below its own limit, 80 % of the memory."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    connection.execute(f"set memory_limit = '{min(_MOST_MEMORY, memory * 8 // 10)}B'")


def _attached(connection: duckdb.DuckDBPyConnection, release: Path) -> bool:
    """Attach the database of a release as `previous`; False if another program has it locked."""
    database = text(release / DATABASE)
    try:
        connection.execute(f"attach {database} as previous (read_only)")
    except duckdb.IOException:
        return False
    return True


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Copy the table of a mart from the warehouse in the order of its rows."""
    source = f"warehouse.main.{_name(mart.name)}"
    order = ", ".join(map(_name, mart.order(connection.table(source).columns)))
    connection.execute(f"create table {_name(mart.name)} as from {source} order by {order}")


def _create(database: Path) -> None:
    """Create an empty database; tables added later keep its storage version."""
    with duckdb.connect() as connection:
        connection.execute(
            f"attach {text(database)} as release (storage_version '{STORAGE_VERSION}')"
        )


def _finish(
    connection: duckdb.DuckDBPyConnection, mart: Mart, folder: Path, release: Path | None = None
) -> int:
    """Add comments to a table, write its Parquet file or link that of a release, count its rows."""
    table = _name(mart.name)
    connection.execute(f"comment on table {table} is {text(mart.description)}")
    for column, description in mart.columns.items():
        connection.execute(f"comment on column {table}.{_name(column)} is {text(description)}")
    path = folder / "parquet" / f"{mart.name}.parquet"
    if release:
        link_file(release / "parquet" / path.name, path)
    else:
        connection.execute(f"copy {table} to {text(path)} (format parquet)")
    ((rows,),) = connection.execute(f"select count(*) from {table}").fetchall()
    return int(rows)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
