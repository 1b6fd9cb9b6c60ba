"""What differs between two releases, filing by filing: the rows of the release's table `changes`.

A change is what the register says otherwise: the printed columns, white space aside, and whether
a filing is listed or cancelled. What the program derives from them can read otherwise because the
program has learnt something; that is counted, and no change to a filing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.stores.globs import exactly
from orchestration.warehouse.marts import Mart
from scrapers.fields.text_keys import INVISIBLE

Kind = Literal["added", "amended", "moved", "cancelled", "gone"]
Value = tuple[str | None, str | None]

KINDS: tuple[Kind, ...] = ("added", "amended", "moved", "cancelled", "gone")

KEY = "filing_number"
PRINTED_COLUMNS = (
    "batch_no", "algorithm_name", "role", "entity_name", "products", "purpose", "note",
)  # fmt: skip
STATUS_COLUMNS = (
    "list_status", "is_cancelled", "cancelled_month", "cancellation_source",
    "cancellation_notice_id",
)  # fmt: skip
# Where and when a row was read.
PLACE_COLUMNS = frozenset(
    {
        "row_no", "list_position", "list_version", "document_sha256", "source_url", "list_month",
        "announced_on", "version_count", "amended_at", "other_batch_nos",
    }
)  # fmt: skip
WITHDRAWN = "withdrawn_from_list"

CHANGES = Mart(
    "changes",
    "What differs from the release before, one row a filing and column; empty in the first "
    "release.",
    {
        "change_no": "Number of the row, from 1.",
        "kind": "What became of the filing: `added` (or back in its list), `amended`, `moved` (to "
        "the list of another batch), `cancelled` or `gone` (its list no longer shows it).",
        "filing_number": "The 21 digits of the filing number.",
        "batch_no": "Ordinal of the batch.",
        "algorithm_name": "Name of the algorithm.",
        "entity_id": "Identifier of the entity, seven digits.",
        "entity_name": "Name of the entity.",
        "column_name": "Column of `filings` that differs; null for a filing in one release only.",
        "old_value": "Value in the release before, as text.",
        "new_value": "Value in this release, as text.",
        "last_seen_in": "Of a filing that has gone, the version of its list that last showed it.",
        "release_before": "Name of the release compared with.",
    },
)
CHANGE_TYPES = {
    name: "integer" if name in ("change_no", "batch_no") else "varchar" for name in CHANGES.columns
}


@dataclass(frozen=True)
class ChangedFiling:
    """A filing that differs, with its columns that do: {column: (old, new)} as text."""

    kind: Kind
    filing_number: str
    batch_no: int
    algorithm_name: str
    entity_id: str | None
    entity_name: str
    columns: Mapping[str, Value]
    last_seen_in: str | None = None


@dataclass(frozen=True)
class Changes:
    """The difference of a release to the one before; `before` is None for the first.

    `batches` counts the listed filings, {batch_no: filings}; `derived` the filings of which the
    register says the same and a derived column reads otherwise, {column: filings}.
    """

    before: str | None
    batches: Mapping[int, int]
    filings: tuple[ChangedFiling, ...] = ()
    derived: Mapping[str, int] | None = None

    def of_kind(self, kind: Kind) -> list[ChangedFiling]:
        return [filing for filing in self.filings if filing.kind == kind]

    @property
    def counts(self) -> dict[Kind, int]:
        """How many filings of each kind there are."""
        return {kind: len(self.of_kind(kind)) for kind in KINDS}

    @property
    def summary(self) -> str:
        total = f"{sum(self.batches.values()):,} filings in {len(self.batches)} batches"
        if self.before is None:
            return f"first release: {total}"
        parts = [f"{count:,} {kind}" for kind, count in self.counts.items() if count]
        return f"{total}: {', '.join(parts) or 'same filings, other figures'}"

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows of the table `changes`, in the order of CHANGES.columns."""
        number = 0
        for filing in self.filings:
            for column, (old, new) in (filing.columns or {None: (None, None)}).items():
                number += 1
                yield (
                    number, filing.kind, filing.filing_number, filing.batch_no,
                    filing.algorithm_name, filing.entity_id, filing.entity_name, column, old, new,
                    filing.last_seen_in, self.before,
                )  # fmt: skip


def compare(new: Path, old: Path | None) -> Changes:
    """Compare the `filings` of two releases' folders, by filing number.

    Reads the Parquet files: an analyst may have locked the DuckDB file by opening it to write.
    Columns that one of the releases does not have are not compared.
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
        return Changes(old.name, batches, changed, _differing(connection, derived, changed))


def _open(connection: duckdb.DuckDBPyConnection, view: str, release: Path) -> None:
    """A view of a release's filings; releases made before there was a status list them all."""
    filings = connection.read_parquet(exactly(release / "parquet" / "filings.parquet"))
    added = {"list_status": "'listed'", "entity_id": "null::varchar", "list_version": "null"}
    missing = [f"{value} as {name}" for name, value in added.items() if name not in filings.columns]
    filings.project(", ".join(["*", *missing])).create_view(view)


def _changed(
    connection: duckdb.DuckDBPyConnection, compared: Sequence[str]
) -> tuple[ChangedFiling, ...]:
    differs = ", ".join(f"{_squeezed('o', name)} != {_squeezed('n', name)}" for name in compared)
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
    for *names, was_there, is_there, old_status, new_status, version, differ, texts in rows:
        pairs = zip(compared, differ, texts[::2], texts[1::2], strict=True)
        is_in_both = was_there and is_there
        columns = {name: (old, new) for name, is_other, old, new in pairs if is_other}
        kind = _kind(was_there, is_there, old_status, new_status, columns)
        filings.append(
            ChangedFiling(
                kind, *names,
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
    """What became of a filing; where several things did, the gravest."""
    if not was_there:
        return "added"
    if not is_there or (new_status == WITHDRAWN and old_status != WITHDRAWN):
        return "gone"
    if old_status == WITHDRAWN and new_status != WITHDRAWN:
        return "added"
    if columns.get("is_cancelled") == ("false", "true"):
        return "cancelled"
    return "moved" if "batch_no" in columns else "amended"


def _differing(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    changed: Sequence[ChangedFiling],
) -> dict[str, int]:
    """In how many filings beside the changed ones each column reads otherwise, where any does."""
    if not columns:
        return {}
    counts = ", ".join(
        f'count(*) filter (n."{name}" is distinct from o."{name}")' for name in columns
    )
    row = connection.execute(
        f"select {counts} from new_filings as n join old_filings as o on n.{KEY} = o.{KEY} "
        f"where n.{KEY} not in (select unnest(?::varchar[]))",
        [[filing.filing_number for filing in changed]],
    ).fetchone()
    return {name: count for name, count in zip(columns, row, strict=True) if count}


def _squeezed(table: str, column: str) -> str:
    """A column without what nobody sees, which a list may change without saying anything new."""
    return f"coalesce(regexp_replace({table}.\"{column}\"::varchar, '{INVISIBLE}', '', 'g'), '')"


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    return connection.table(view).columns
