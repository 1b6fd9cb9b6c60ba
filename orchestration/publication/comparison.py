"""Comparison of two releases by the keys of their registers, in SQL over their Parquet files.

Rows are joined by their keys and one hash of all their columns, so that the memory does not grow
with their texts. Only rows whose hashes differ are then compared column by column.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import duckdb

from orchestration.publication.changes import ChangedRow, Changes, Kind, RegisterChanges, Value
from orchestration.publication.registers import compared_marts, listed_rows
from orchestration.runtime.globs import exactly
from orchestration.warehouse.compared import Compared
from orchestration.warehouse.marts import Mart
from orchestration.warehouse.row_hash import row_hash
from scrapers.fields.text_keys import INVISIBLE

WITHDRAWN = "withdrawn_from_list"

_ROWS_AT_ONCE = 10_000

# Columns that older releases lack, with the value that they stand for.
_ADDED_COLUMNS = {"list_status": "'listed'", "entity_id": "null::varchar", "list_version": "null"}


def compare(new: Path, old: Path | None, marts: Sequence[Mart]) -> Changes:
    """Compare the marts of registers in the folders of two releases, by their keys.

    Columns missing from one of the releases are not compared. Reads the Parquet files, because an
    analyst who opens the DuckDB file for writing locks it.
    """
    with duckdb.connect() as connection:
        found = [
            _compare_mart(connection, mart, compared, new, old)
            for mart, compared in compared_marts(marts)
        ]
    return Changes(old.name if old else None, found)


def _compare_mart(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    compared: Compared,
    new: Path,
    old: Path | None,
) -> RegisterChanges:
    columns = _open(connection, "new_rows", new, mart)
    listed = listed_rows(connection, "new_rows", compared)
    if old is None:
        return RegisterChanges(listed)
    path, old_path = (release / "parquet" / f"{mart}.parquet" for release in (new, old))
    if not old_path.exists():
        return RegisterChanges(listed, is_new=bool(listed.documents))
    if path.samefile(old_path):
        # The file of an unchanged mart is that of the previous release.
        return RegisterChanges(listed)
    old_columns = _open(connection, "old_rows", old, mart)
    if listed.documents and not connection.table("old_rows").limit(1).fetchall():
        return RegisterChanges(listed, is_new=True)
    shared = [name for name in columns if name in old_columns]
    stated = [name for name in (*compared.printed, *compared.status) if name in shared]
    ignored = {compared.key, *stated, *compared.place}
    derived = [name for name in shared if name not in ignored]
    _select_different(connection, compared.key, [*stated, *derived])
    rows = _changed(connection, compared, stated)
    counts = _count_derived(connection, compared.key, derived, rows)
    return RegisterChanges(listed, rows=rows, derived=counts)


def _open(
    connection: duckdb.DuckDBPyConnection, view: str, release: Path, mart: str
) -> Sequence[str]:
    """Create a view of a mart of a release, with the columns added since; its own columns."""
    rows = connection.read_parquet(exactly(release / "parquet" / f"{mart}.parquet"))
    missing = {name: value for name, value in _ADDED_COLUMNS.items() if name not in rows.columns}
    rows.project(
        ", ".join(["*", *(f"{value} as {name}" for name, value in missing.items())])
    ).create_view(view)
    return rows.columns


def _select_different(
    connection: duckdb.DuckDBPyConnection, key: str, columns: Sequence[str]
) -> None:
    """Create `new_different` and `old_different`: the rows of which the other release has no equal.

    Equal rows have the same key and the same hash of these columns.
    """
    hashed = row_hash(connection.table("new_rows"), [key, *columns])
    connection.execute(
        f"""
        create or replace temp table different as
        select coalesce(n.key, o.key) as key
        from (select "{key}" as key, {hashed} as hashed from new_rows) as n
        full join (select "{key}" as key, {hashed} as hashed from old_rows) as o
            on n.key = o.key
        where n.hashed is distinct from o.hashed
        """
    )
    for name in ("new", "old"):
        connection.execute(
            f"create or replace temp table {name}_different as from {name}_rows "
            f'where "{key}" in (from different)'
        )


def _changed(
    connection: duckdb.DuckDBPyConnection, compared: Compared, stated: Sequence[str]
) -> tuple[ChangedRow, ...]:
    """The rows that differ in a stated column or are in one release only, by list and key."""
    key, document, name = f'"{compared.key}"', f'"{compared.document}"', f'"{compared.name}"'
    differs = ", ".join(f"{_normalised('o', item)} != {_normalised('n', item)}" for item in stated)
    values = ", ".join(f'o."{item}"::varchar, n."{item}"::varchar' for item in stated)
    answer = connection.execute(
        f"""
        select
            coalesce(n.{key}, o.{key}), coalesce(n.{document}, o.{document}),
            coalesce(n.{name}, o.{name}), coalesce(n.entity_id, o.entity_id),
            coalesce(n.entity_name, o.entity_name), o.{key} is not null, n.{key} is not null,
            o.list_status, n.list_status, coalesce(n.list_version, o.list_version),
            [{differs}] as differs,
            case when n.{key} is not null and o.{key} is not null then [{values}] else [] end
        from new_different as n full join old_different as o on n.{key} = o.{key}
        where n.{key} is null or o.{key} is null or list_bool_or(differs)
        order by 2, 1
        """
    )
    found = []
    for (
        number, document, title, entity_id, entity_name, was_there, is_there,
        old_status, new_status, version, differ, texts,
    ) in chain.from_iterable(iter(lambda: answer.fetchmany(_ROWS_AT_ONCE), [])):  # fmt: skip
        # Without texts, only one of the releases has the row.
        pairs = zip(stated, differ, texts[::2], texts[1::2], strict=False)
        columns = {item: (old, new) for item, is_other, old, new in pairs if is_other}
        kind = _kind(was_there, is_there, old_status, new_status, columns, compared)
        found.append(
            ChangedRow(
                kind, number, document, title, entity_id, entity_name,
                columns=columns,
                last_seen_in=version if kind == "gone" else None,
            )
        )  # fmt: skip
    return tuple(found)


def _kind(
    was_there: bool,
    is_there: bool,
    old_status: str | None,
    new_status: str | None,
    columns: Mapping[str, Value],
    compared: Compared,
) -> Kind:
    """What happened to a row; if several things did, the most serious."""
    if not was_there:
        return "added"
    if not is_there or (new_status == WITHDRAWN and old_status != WITHDRAWN):
        return "gone"
    if old_status == WITHDRAWN and new_status != WITHDRAWN:
        return "added"
    if columns.get("is_cancelled") == ("false", "true"):
        return "cancelled"
    if compared.document in columns:
        return "moved"
    # All other status columns are about a cancellation, here one that both releases have.
    is_confirmed = set(columns) <= {*compared.status} - {"list_status", "is_cancelled"}
    return "confirmed" if is_confirmed else "amended"


def _count_derived(
    connection: duckdb.DuckDBPyConnection,
    key: str,
    columns: Sequence[str],
    changed: Sequence[ChangedRow],
) -> dict[str, int]:
    """{column: rows}: how many unchanged rows differ in a derived column."""
    if not columns:
        return {}
    counts = ", ".join(
        f'count(*) filter (n."{name}" is distinct from o."{name}")' for name in columns
    )
    (row,) = connection.execute(
        f'select {counts} from new_different as n join old_different as o on n."{key}" = o."{key}" '
        f'where n."{key}" not in (select unnest(?::varchar[]))',
        [[item.number for item in changed]],
    ).fetchall()
    return {name: count for name, count in zip(columns, row, strict=True) if count}


def _normalised(table: str, column: str) -> str:
    """A column without white space and invisible characters, which do not count as changes."""
    return f"coalesce(regexp_replace({table}.\"{column}\"::varchar, '{INVISIBLE}', '', 'g'), '')"
