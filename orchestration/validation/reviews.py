"""Reviews: counts, approvals and exceptions that reviewers entered in seeds of the dbt project."""

import csv
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.frames import NO_EXCEPTIONS, Exceptions
from scrapers.registers.base import Register

REVIEWED_DOCUMENTS = "reviewed_documents.csv"
REVIEWED_ROWS = "reviewed_rows.csv"


@dataclass(frozen=True)
class Reviews:
    """Reviewed row counts by document key, the sha256 of approved documents, and exceptions.

    `exceptions` are failed checks that do not count, by the key of the row.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    documents: Collection[str] = frozenset()
    exceptions: Exceptions = field(default_factory=lambda: NO_EXCEPTIONS)

    @property
    def exceptions_version(self) -> str:
        """A text that changes with the exceptions; empty if there are none."""
        if not self.exceptions:
            return ""
        pairs = sorted((key, sorted(names)) for key, names in self.exceptions.items())
        return f"+{hashlib.sha256(repr(pairs).encode()).hexdigest()[:12]}"


def read_reviews(register: Register, contract: Contract, seeds: Path) -> Reviews:
    """Read the reviews that concern the documents of a register from the folder `seeds`."""
    documents = frozenset(
        row["document_sha256"].strip().lower() for row in _rows(seeds / REVIEWED_DOCUMENTS)
    )
    exceptions: dict[str, set[str]] = {}
    for row in _rows(seeds / REVIEWED_ROWS):
        if row["register"] == register.name:
            exceptions.setdefault(row["number"], set()).add(row["check_name"])
    seed = contract.review
    if seed is None:
        return Reviews(documents=documents, exceptions=exceptions)
    rows = {
        register.key_of_value(row[seed.document]): int(row[seed.rows])
        for row in _rows(seeds / seed.file)
        if all(row[column] == value for column, value in seed.where.items())
    }
    return Reviews(rows, documents, exceptions)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
