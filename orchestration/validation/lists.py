"""The lists in the validated store, a folder a batch, and the table of all their versions."""

from collections.abc import Iterator

import polars as pl

from orchestration.validation.contracts.deep_synthesis import CONTRACT_VERSION, apply_contract
from orchestration.validation.contracts.vocabulary import Contracted
from orchestration.validation.documents import ValidatedDocuments
from orchestration.validation.gates import SPARED_CHANGES, Standards
from orchestration.validation.list_versions import LIST_VERSION_COLUMNS, list_version_row
from orchestration.validation.results import Verdict
from scrapers.archive.sidecar import Version
from scrapers.archive.store import is_batch
from scrapers.documents import ListRow, ListTable, read_list
from scrapers.errors import FilingsError
from scrapers.fields.filing_number import digits_of
from scrapers.registers.lists import batch_key, superseded_batches

LIST_VERSIONS = "list_versions"
# The source lists a number in two batches now and then: one of 211 rows was the most.
MAX_SHARED_SHARE = 0.05


class ValidatedLists(ValidatedDocuments[ListRow]):
    role = "list"
    standards = Standards("list", contract="orchestration/validation/contracts/deep_synthesis.py")
    uncompared = (
        "list_version", "row_no", "list_position", "entity_key", "product_list", "note_events",
    )  # fmt: skip

    tables = (LIST_VERSIONS,)
    document_column = "batch_no"
    version_column = "list_version"

    @property
    def contract_version(self) -> str:
        return CONTRACT_VERSION

    def is_ours(self, folder: str) -> bool:
        return is_batch(folder)

    def folder_of(self, document: int) -> str:
        return batch_key(document)

    def folders(self) -> list[str]:
        superseded = set(map(batch_key, superseded_batches(self.archive)))
        return [folder for folder in super().folders() if folder not in superseded]

    def read(self, content: bytes) -> ListTable:
        return read_list(content)

    def misplaced(self, version: Version, table: ListTable) -> str | None:
        """Whether it is the list of another batch: many of its numbers were in use there."""
        numbers = {digits for row in table.rows if (digits := digits_of(row.filing_number))}
        own = self.in_use_at(version.folder, version.seen_at)
        numbers -= self._numbers(own)
        for folder in self.folders():
            if folder == version.folder:
                continue
            shared = len(numbers & self._numbers(self.in_use_at(folder, version.seen_at)))
            if shared > max(SPARED_CHANGES, MAX_SHARED_SHARE * len(table.rows)):
                return (
                    f"{shared} of the {len(table.rows)} numbers of the list are those of "
                    f"batch {folder}: it may be that batch's list"
                )
        return None

    def _numbers(self, verdict: Verdict | None) -> set[str]:
        return set(self.rows(verdict)["filing_number"]) if verdict else set()

    def contract(self, table: ListTable, version: Version) -> Contracted:
        return apply_contract(
            table,
            batch_no=int(version.folder),
            list_version=version.version,
            document_sha256=version.sha256,
        )

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        error.batch_no = int(folder) if error.batch_no is None else error.batch_no
        return error

    def write_tables(self) -> pl.DataFrame:
        """Write the table of all versions, and return it (LIST_VERSION_COLUMNS)."""
        table = pl.DataFrame(list(self._version_rows()), schema=LIST_VERSION_COLUMNS)
        return self.write_table(LIST_VERSIONS, table, self.kept_folders())

    def _version_rows(self) -> Iterator[dict[str, object]]:
        for number, version, verdict, is_current in self.judged_versions():
            yield list_version_row(number, version, verdict, is_current=is_current)
