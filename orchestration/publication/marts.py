"""The marts as files: tables with comments in a DuckDB file of their own, and Parquet beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Mart:
    """A mart's name, its description and its columns' descriptions, as dbt documents them."""

    name: str
    description: str
    columns: Mapping[str, str]


def export_marts(warehouse: Path, marts: Sequence[Mart], folder: Path) -> dict[str, int]:
    """Write `filings.duckdb` and `parquet/<mart>.parquet` below `folder`; rows by mart.

    Rows are sorted by all columns, so equal contents give equal Parquet files.
    """
    (folder / "parquet").mkdir(parents=True)
    rows = {}
    with duckdb.connect(str(folder / "filings.duckdb")) as connection:
        connection.execute(f"attach {_text(str(warehouse))} as warehouse (read_only)")
        for mart in marts:
            table = _name(mart.name)
            connection.execute(f"create table {table} as from warehouse.main.{table} order by all")
            connection.execute(f"comment on table {table} is {_text(mart.description)}")
            for column, description in mart.columns.items():
                connection.execute(
                    f"comment on column {table}.{_name(column)} is {_text(description)}"
                )
            path = folder / "parquet" / f"{mart.name}.parquet"
            connection.execute(f"copy {table} to {_text(str(path))} (format parquet)")
            (rows[mart.name],) = connection.execute(f"select count(*) from {table}").fetchone()
        connection.execute("detach warehouse")
    return rows


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
