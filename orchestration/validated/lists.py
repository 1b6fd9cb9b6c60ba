"""The lists in the validated store, a folder a batch, and the table of all their versions."""

from collections.abc import Iterator

import polars as pl

from orchestration.contracts.lists import CONTRACT_VERSION, apply_contract
from orchestration.contracts.parts import Contracted
from orchestration.validated.documents import ValidatedDocuments
from orchestration.validated.doubts import Standards
from orchestration.validated.list_versions import LIST_VERSION_COLUMNS, list_version_row
from scrapers.archive import is_batch
from scrapers.documents import ListRow, ListTable, read_list
from scrapers.errors import FilingsError
from scrapers.lists import batch_key
from scrapers.sidecar import Version

LIST_VERSIONS = "list_versions"


class ValidatedLists(ValidatedDocuments[ListRow]):
    role = "list"
    standards = Standards("list", contract="orchestration/contracts/lists.py")
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

    def read(self, content: bytes) -> ListTable:
        return read_list(content)

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
