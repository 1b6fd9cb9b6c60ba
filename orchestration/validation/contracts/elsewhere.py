"""Whether a document holds the rows of another one: the source has linked the wrong file."""

from collections.abc import Callable

from orchestration.validation.contracts.base import Misplaced, OtherDocuments
from orchestration.validation.gates import MAX_SHARED_SHARE, TOLERATED_CHANGES
from orchestration.validation.results import ValidationResult
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable

KeyOf = Callable[[str], str | None]
"""The key in a printed cell, as it is stored; None if the cell has none."""


def rows_of_another_document(
    column: str, key_of: KeyOf, name: str = "list", that: str = "that list"
) -> Misplaced:
    """A gate that compares the keys of a document with those of the others that share some.

    `column` is the name of the register's key. In messages, `name` precedes the
    key of the other document, and `that` refers to it.
    """

    def keys_in(others: OtherDocuments, result: ValidationResult | None) -> frozenset[str]:
        return others.keys(result) if result else frozenset()

    def gate(others: OtherDocuments, version: Version, table: DocumentTable) -> str | None:
        numbers = {number for row in table.rows if (number := key_of(row[column]))}
        numbers -= keys_in(others, others.in_use_at(version.folder, version.seen_at))
        most = max(TOLERATED_CHANGES, MAX_SHARED_SHARE * len(table.rows))
        for folder in others.sharing(numbers, most):
            if folder == version.folder:
                continue
            shared = len(numbers & keys_in(others, others.in_use_at(folder, version.seen_at)))
            if shared > most:
                return (
                    f"{shared} of the {len(table.rows)} numbers of the list are in the {name} "
                    f"{folder.rpartition('/')[2]} too, so it may be {that}"
                )
        return None

    return gate
