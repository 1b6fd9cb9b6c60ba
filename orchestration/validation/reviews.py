"""Reviews: row counts and approvals that reviewers entered in the seeds of the dbt project."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.validation.contracts.base import Contract
from scrapers.registers.base import Register

REVIEWED_DOCUMENTS = "reviewed_documents.csv"


@dataclass(frozen=True)
class Reviews:
    """Reviewed row counts by document key, and the sha256 of approved documents."""

    rows: Mapping[str, int] = field(default_factory=dict)
    documents: Collection[str] = frozenset()


def read_reviews(register: Register, contract: Contract, seeds: Path) -> Reviews:
    """Read the reviews of a register's documents from the folder `seeds`."""
    documents = frozenset(
        row["document_sha256"].strip().lower() for row in _rows(seeds / REVIEWED_DOCUMENTS)
    )
    seed = contract.review
    if seed is None:
        return Reviews(documents=documents)
    rows = {
        register.key_of_value(row[seed.document]): int(row[seed.rows])
        for row in _rows(seeds / seed.file)
        if all(row[column] == value for column, value in seed.where.items())
    }
    return Reviews(rows, documents)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
