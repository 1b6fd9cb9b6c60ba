"""Differences between two releases by filing: the rows of the table `changes`.

A change is a difference in the register itself: in a printed column (ignoring white space), or in
whether a filing is listed or cancelled. Columns derived by the program can also differ because the
program has changed. Those differences are counted, but do not count as changes to a filing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from orchestration.runtime.counts import counted
from orchestration.warehouse.marts import Mart

Kind = Literal["added", "amended", "moved", "cancelled", "gone"]
Value = tuple[str | None, str | None]

KINDS: tuple[Kind, ...] = ("added", "amended", "moved", "cancelled", "gone")

CHANGES = Mart(
    "changes",
    "Differences from the previous release, one row per filing and column. Empty in the first "
    "release.",
    {
        "change_no": "Number of the row, from 1.",
        "kind": "What happened to the filing: `added` (new or listed again), `amended`, `moved` "
        "(to the list of another batch), `cancelled`, or `gone` (no longer in its list).",
        "filing_number": "Filing number, 21 digits.",
        "batch_no": "Number of the batch.",
        "algorithm_name": "Name of the algorithm.",
        "entity_id": "Entity code, seven digits.",
        "entity_name": "Name of the entity.",
        "column_name": "Column of `filings` that differs; null if only one release has the filing.",
        "old_value": "Value in the previous release, as text.",
        "new_value": "Value in this release, as text.",
        "last_seen_in": "For a filing that is gone, the last version of its list that has it.",
        "release_before": "Name of the previous release.",
    },
)
CHANGE_TYPES = {
    name: "integer" if name in ("change_no", "batch_no") else "varchar" for name in CHANGES.columns
}


@dataclass(frozen=True)
class ChangedFiling:
    """A changed filing and the columns that differ: {column: (old, new)} as text."""

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
    """The differences between a release and the previous one; `before` is None for the first.

    `batches` has the number of listed filings, {batch_no: filings}. `derived` has the number of
    filings that are unchanged in the register but differ in a derived column, {column: filings}.
    """

    before: str | None
    batches: Mapping[int, int]
    filings: tuple[ChangedFiling, ...] = ()
    derived: Mapping[str, int] | None = None

    def of_kind(self, kind: Kind) -> list[ChangedFiling]:
        return [filing for filing in self.filings if filing.kind == kind]

    @property
    def counts(self) -> dict[Kind, int]:
        """The number of filings of each kind."""
        return {kind: len(self.of_kind(kind)) for kind in KINDS}

    @property
    def summary(self) -> str:
        """One line for logs and the run summary."""
        filings = counted(sum(self.batches.values()), "filing", "filings")
        total = f"{filings} in {counted(len(self.batches), 'batch', 'batches')}"
        if self.before is None:
            return f"first release: {total}"
        parts = [f"{count:,} {kind}" for kind, count in self.counts.items() if count]
        return f"{total}: {', '.join(parts) or 'no filing changed'}"

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows of the table `changes`, in the order of CHANGES.columns."""
        number = 0
        for filing in self.filings:
            columns: list[tuple[str | None, Value]] = [*filing.columns.items()]
            for column, (old, new) in columns or [(None, (None, None))]:
                number += 1
                yield (
                    number, filing.kind, filing.filing_number, filing.batch_no,
                    filing.algorithm_name, filing.entity_id, filing.entity_name, column, old, new,
                    filing.last_seen_in, self.before,
                )  # fmt: skip
