"""Differences between two releases by register: the rows of the table `changes`.

A change is a difference in a register itself: in a printed column (ignoring white space), or in
whether a row is listed or cancelled. Columns derived by the program can also differ because the
program has changed. Those differences are counted, but do not count as changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from orchestration.publication.registers import Document, RegisterRows
from orchestration.runtime.counts import counted
from orchestration.warehouse.compared import Compared
from orchestration.warehouse.marts import Mart

Kind = Literal["added", "amended", "moved", "cancelled", "confirmed", "gone"]
Value = tuple[str | None, str | None]

KINDS: tuple[Kind, ...] = ("added", "amended", "moved", "cancelled", "confirmed", "gone")

CHANGES = Mart(
    "changes",
    "Differences from the previous release in all registers, one row per filing or service and "
    "column. Empty in the first release. A register that the previous release lacks is new as a "
    "whole and has no rows.",
    {
        "change_no": "Number of the row, from 1.",
        "kind": "What happened: `added` (new or listed again), `amended`, `moved` (to another "
        "list of the register), `cancelled`, `confirmed` (a known cancellation got another source "
        "or month, and the list is unchanged), or `gone` (no longer in its list).",
        "register": "Register of the row.",
        "filing_number": "Number of the filing or service. It identifies the row within its "
        "register.",
        "document_key": "Name of the list within its register: its month (2026-07) or its batch "
        "with three digits (011).",
        "batch_no": "Number of the batch. Null in registers without batches.",
        "algorithm_name": "Name of the algorithm or service.",
        "entity_id": "Entity code, seven digits. Null if it is unknown.",
        "entity_name": "Name of the entity.",
        "column_name": "Column that differs, in the mart of the register; null if only one release "
        "has the row.",
        "old_value": "Value in the previous release, as text.",
        "new_value": "Value in this release, as text.",
        "last_seen_in": "For a row that is gone, the last version of its list that has it.",
        "release_before": "Name of the previous release.",
    },
    key=("change_no",),
)
CHANGE_TYPES = {
    name: "integer" if name in ("change_no", "batch_no") else "varchar" for name in CHANGES.columns
}


def counted_kind(kind: str, count: int) -> str:
    """A count with its kind in words, such as `3 amended` or `1 cancellation confirmed`."""
    if kind == "confirmed":
        return f"{counted(count, 'cancellation', 'cancellations')} confirmed"
    return f"{count:,} {kind}"


@dataclass(frozen=True)
class ChangedRow:
    """A changed filing or service, and the columns that differ: {column: (old, new)} as text."""

    kind: Kind
    number: str
    document: Document
    name: str
    entity_id: str | None
    entity_name: str
    columns: Mapping[str, Value]
    last_seen_in: str | None = None


@dataclass(frozen=True)
class RegisterChanges:
    """The differences in one register.

    `listed` has the rows of the new release. `is_new` is true if the previous release has no rows
    of the register: then `rows` is empty. `derived` has the number of rows that are unchanged in
    the register but differ in a derived column, {column: rows}.
    """

    listed: RegisterRows
    is_new: bool = False
    rows: Sequence[ChangedRow] = ()
    derived: Mapping[str, int] = field(default_factory=dict)

    def of_kind(self, kind: Kind) -> list[ChangedRow]:
        return [row for row in self.rows if row.kind == kind]

    @property
    def counts(self) -> dict[Kind, int]:
        """The number of rows of each kind."""
        return {kind: len(self.of_kind(kind)) for kind in KINDS}

    @property
    def compared(self) -> Compared:
        """The declaration of the register's mart."""
        return self.listed.compared

    @property
    def difference(self) -> str:
        """The number of rows of each kind that has any, in words."""
        parts = [counted_kind(kind, count) for kind, count in self.counts.items() if count]
        return ", ".join(parts) or f"no {self.compared.rows.one} changed"


@dataclass(frozen=True)
class Changes:
    """The differences between a release and the previous one; `before` is None for the first."""

    before: str | None
    registers: Sequence[RegisterChanges]

    @property
    def counts(self) -> dict[Kind, int]:
        """The number of rows of each kind in all registers."""
        return {kind: sum(item.counts[kind] for item in self.registers) for kind in KINDS}

    @property
    def batches(self) -> dict[int, int]:
        """The number of listed filings of each batch: {batch_no: filings}."""
        return {
            int(document): filings
            for item in self.registers
            if item.compared.has_batches
            for document, filings in item.listed.documents.items()
        }

    @property
    def summary(self) -> str:
        """One line for logs and the run summary; the first register goes without its title."""
        parts = [
            self._part(item, is_first=not place)
            for place, item in enumerate(self.registers)
            if not place or item.listed.documents or item.rows
        ]
        return ("first release: " if self.before is None else "") + "; ".join(parts)

    def _part(self, item: RegisterChanges, *, is_first: bool) -> str:
        title, total = item.listed.title.en, item.listed.total
        if not is_first:
            total += f" ({title[:1].lower()}{title[1:]})"
        if self.before is None:
            return total
        return f"new register: {total}" if item.is_new else f"{total}: {item.difference}"

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows of the table `changes`, in the order of CHANGES.columns."""
        number = 0
        for item in self.registers:
            for row in item.rows:
                columns: list[tuple[str | None, Value]] = [*row.columns.items()]
                for column, (old, new) in columns or [(None, (None, None))]:
                    number += 1
                    yield (
                        number, row.kind, item.compared.register, row.number,
                        item.compared.document_key(row.document),
                        row.document if item.compared.has_batches else None,
                        row.name, row.entity_id, row.entity_name, column, old, new,
                        row.last_seen_in, self.before,
                    )  # fmt: skip
