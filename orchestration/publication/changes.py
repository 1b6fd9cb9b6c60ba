"""What differs between two releases, filing by filing: the rows of the release's table `changes`.

A change is a difference in the register itself: in the printed columns, white space aside, or in
whether a filing is listed or cancelled. Columns that the program derives can also differ because
the program has changed; those are counted, but are not a change to a filing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from orchestration.warehouse.marts import Mart

Kind = Literal["added", "amended", "moved", "cancelled", "gone"]
Value = tuple[str | None, str | None]

KINDS: tuple[Kind, ...] = ("added", "amended", "moved", "cancelled", "gone")

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

    `batches` counts the listed filings, {batch_no: filings}; `derived` the filings that
    are the same in the register but differ in a derived column, {column: filings}.
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
