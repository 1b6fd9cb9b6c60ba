"""Comparison of two releases by filing number, in SQL over their Parquet files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.publication.changes import ChangedFiling, Changes, Kind, Value
from orchestration.runtime.globs import exactly
from scrapers.fields.text_keys import INVISIBLE

KEY = "filing_number"
PRINTED_COLUMNS = (
    "batch_no", "algorithm_name", "role", "entity_name", "products", "purpose", "note",
)  # fmt: skip
STATUS_COLUMNS = (
    "list_status", "is_cancelled", "cancelled_month", "cancellation_source",
    "cancellation_notice_id",
)  # fmt: skip
# Where and when a row was found: not part of the filing.
PLACE_COLUMNS = frozenset(
    {
        "row_no", "list_position", "list_version", "document_sha256", "source_url", "list_month",
        "announced_on", "version_count", "amended_at", "other_batch_nos",
    }
)  # fmt: skip
WITHDRAWN = "withdrawn_from_list"


def compare(new: Path, old: Path | None) -> Changes:
    """Compare the `filings` in the folders of two releases, by filing number.

    Columns missing from one of the releases are not compared. Reads the Parquet files, because an
    analyst who opens the DuckDB file for writing locks it.
    """
    with duckdb.connect() as connection:
        _open(connection, "new_filings", new)
        batches = dict(
            connection.execute(
                "select batch_no, count(*) from new_filings where list_status = 'listed' "
                "group by 1 order by 1"
            ).fetchall()
        )
        if old is None:
            return Changes(None, batches)
        _open(connection, "old_filings", old)
        shared = [
            name
            for name in _columns(connection, "new_filings")
            if name in _columns(connection, "old_filings")
        ]
        compared = [name for name in (*PRINTED_COLUMNS, *STATUS_COLUMNS) if name in shared]
        derived = [
            name for name in shared if name not in {KEY, "entity_id", *compared, *PLACE_COLUMNS}
        ]
        changed = _changed(connection, compared)
        return Changes(old.name, batches, changed, _count_derived(connection, derived, changed))


def _open(connection: duckdb.DuckDBPyConnection, view: str, release: Path) -> None:
    """Create a view of the filings of a release; older releases have no status: all are listed."""
    filings = connection.read_parquet(exactly(release / "parquet" / "filings.parquet"))
    added = {"list_status": "'listed'", "entity_id": "null::varchar", "list_version": "null"}
    missing = [f"{value} as {name}" for name, value in added.items() if name not in filings.columns]
    filings.project(", ".join(["*", *missing])).create_view(view)


def _changed(
    connection: duckdb.DuckDBPyConnection, compared: Sequence[str]
) -> tuple[ChangedFiling, ...]:
    differs = ", ".join(
        f"{_normalised('o', name)} != {_normalised('n', name)}" for name in compared
    )
    values = ", ".join(f'o."{name}"::varchar, n."{name}"::varchar' for name in compared)
    rows = connection.execute(
        f"""
        select
            coalesce(n.{KEY}, o.{KEY}), coalesce(n.batch_no, o.batch_no),
            coalesce(n.algorithm_name, o.algorithm_name), coalesce(n.entity_id, o.entity_id),
            coalesce(n.entity_name, o.entity_name), o.{KEY} is not null, n.{KEY} is not null,
            o.list_status, n.list_status, coalesce(n.list_version, o.list_version),
            [{differs}] as differs, [{values}]
        from new_filings as n full join old_filings as o on n.{KEY} = o.{KEY}
        where n.{KEY} is null or o.{KEY} is null or list_bool_or(differs)
        order by 2, 1
        """
    ).fetchall()
    filings = []
    for (
        number, batch_no, algorithm_name, entity_id, entity_name, was_there, is_there,
        old_status, new_status, version, differ, texts,
    ) in rows:  # fmt: skip
        pairs = zip(compared, differ, texts[::2], texts[1::2], strict=True)
        is_in_both = was_there and is_there
        columns = {name: (old, new) for name, is_other, old, new in pairs if is_other}
        kind = _kind(was_there, is_there, old_status, new_status, columns)
        filings.append(
            ChangedFiling(
                kind, number, batch_no, algorithm_name, entity_id, entity_name,
                columns=columns if is_in_both else {},
                last_seen_in=version if kind == "gone" else None,
            )
        )  # fmt: skip
    return tuple(filings)


def _kind(
    was_there: bool,
    is_there: bool,
    old_status: str | None,
    new_status: str | None,
    columns: Mapping[str, Value],
) -> Kind:
    """What happened to a filing; if several things did, the most serious."""
    if not was_there:
        return "added"
    if not is_there or (new_status == WITHDRAWN and old_status != WITHDRAWN):
        return "gone"
    if old_status == WITHDRAWN and new_status != WITHDRAWN:
        return "added"
    if columns.get("is_cancelled") == ("false", "true"):
        return "cancelled"
    return "moved" if "batch_no" in columns else "amended"


def _count_derived(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    changed: Sequence[ChangedFiling],
) -> dict[str, int]:
    """{column: filings}: how many unchanged filings differ in a derived column."""
    if not columns:
        return {}
    counts = ", ".join(
        f'count(*) filter (n."{name}" is distinct from o."{name}")' for name in columns
    )
    (row,) = connection.execute(
        f"select {counts} from new_filings as n join old_filings as o on n.{KEY} = o.{KEY} "
        f"where n.{KEY} not in (select unnest(?::varchar[]))",
        [[filing.filing_number for filing in changed]],
    ).fetchall()
    return {name: count for name, count in zip(columns, row, strict=True) if count}


def _normalised(table: str, column: str) -> str:
    """A column without white space and invisible characters, which do not count as changes."""
    return f"coalesce(regexp_replace({table}.\"{column}\"::varchar, '{INVISIBLE}', '', 'g'), '')"


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    return connection.table(view).columns
