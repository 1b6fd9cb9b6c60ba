"""Whether a document holds the rows of another one: the source has linked the wrong file."""

from collections.abc import Callable

from orchestration.validation.contracts.base import Misplaced, OtherDocuments
from orchestration.validation.gates import MAX_SHARED_SHARE, TOLERATED_CHANGES
from orchestration.validation.results import ValidationResult
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable

# Keys that are kept in memory, some 20 MB.
MOST_KEPT = 200_000

KeyOf = Callable[[str], str | None]
"""The key in a printed cell, as it is stored; None if the cell has none."""


def rows_of_another_document(
    column: str, key_of: KeyOf, name: str = "list", that: str = "that list"
) -> Misplaced:
    """A gate that compares the keys of a document with those of all others.

    `column` is the name of the key both as printed and as stored. In messages, `name` precedes the
    key of the other document, and `that` refers to it.
    """
    # Every document is compared with all others, so their keys are read once. The hash of the rows
    # identifies them, also after they were validated again.
    known: dict[str | None, frozenset[str]] = {}

    def numbers_in(others: OtherDocuments, result: ValidationResult | None) -> frozenset[str]:
        if result is None:
            return frozenset()
        if result.rows_sha256 not in known:
            if sum(map(len, known.values())) > MOST_KEPT:
                known.clear()
            known[result.rows_sha256] = frozenset(others.rows(result)[column])
        return known[result.rows_sha256]

    def gate(others: OtherDocuments, version: Version, table: DocumentTable) -> str | None:
        numbers = {number for row in table.rows if (number := key_of(row[column]))}
        numbers -= numbers_in(others, others.in_use_at(version.folder, version.seen_at))
        for folder in others.folders():
            if folder == version.folder:
                continue
            in_use = others.in_use_at(folder, version.seen_at)
            shared = len(numbers & numbers_in(others, in_use))
            if shared > max(TOLERATED_CHANGES, MAX_SHARED_SHARE * len(table.rows)):
                return (
                    f"{shared} of the {len(table.rows)} numbers of the list are in the {name} "
                    f"{folder.rpartition('/')[2]} too, so it may be {that}"
                )
        return None

    return gate
