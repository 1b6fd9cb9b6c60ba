"""The lists in the validated store, a folder a batch, and the table of all their versions."""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import polars as pl

from orchestration.contracts.lists import ACROSS_BATCHES, CONTRACT_VERSION, apply_contract
from orchestration.contracts.parts import Contracted
from orchestration.validated.documents import ValidatedDocuments
from orchestration.validated.doubts import Reviews, Standards
from orchestration.validated.list_versions import LIST_VERSION_COLUMNS, list_version_row
from orchestration.validated.verdicts import Verdict
from scrapers.archive import Archive, Version
from scrapers.documents import ListRow, ListTable, read_list
from scrapers.errors import FilingsError
from scrapers.lists import batch_key

LIST_VERSIONS = "list_versions"


class ValidatedLists(ValidatedDocuments[ListRow]):
    role = "list"
    standards = Standards(contract="orchestration/contracts/lists.py")
    uncompared = (
        "list_version", "row_no", "list_position", "entity_key", "product_list", "note_events",
    )  # fmt: skip

    def __init__(self, root: Path, archive: Archive, reviews: Reviews) -> None:
        super().__init__(root, archive, reviews)
        self._numbers = cache(self._read_numbers)

    @property
    def contract_version(self) -> str:
        return CONTRACT_VERSION

    def folders(self) -> list[str]:
        return [batch_key(batch_no) for batch_no in self.archive.batch_nos()]

    def read(self, content: bytes) -> ListTable:
        return read_list(content)

    def contract(self, table: ListTable, version: Version, as_of: str) -> Contracted:
        return apply_contract(
            table,
            batch_no=int(version.folder),
            list_version=version.version,
            document_sha256=version.sha256,
            known_numbers=self._numbers_elsewhere(version.folder, as_of),
        )

    def let_go(self, version: Version, numbers: Collection[str]) -> None:
        """Judge those lists again where such a number waits, since this one held it before."""
        for folder in self.folders():
            earlier = [item for item in self.verdicts(folder) if item.version < version.version]
            if folder == version.folder or not earlier or earlier[-1].status == "unreadable":
                continue
            cases = self.quarantine(earlier[-1]).filter(check_name=ACROSS_BATCHES)
            if not set(numbers).isdisjoint(cases["digits"]):
                (waiting,) = (
                    item
                    for item in self.archive.versions(folder, self.role)
                    if item.version == earlier[-1].version
                )
                self.judge_version(waiting, as_of=version.version)

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        error.batch_no = int(folder) if error.batch_no is None else error.batch_no
        return error

    def _numbers_elsewhere(self, folder: str, as_of: str) -> set[str]:
        """The numbers that the other batches held when the version `as_of` was retrieved."""
        numbers: set[str] = set()
        for other in self.folders():
            if other != folder:
                earlier = [item for item in self.accepted(other) if item.version <= as_of]
                numbers |= self._numbers(earlier[-1]) if earlier else set()
        return numbers

    def _read_numbers(self, verdict: Verdict) -> frozenset[str]:
        return frozenset(self.rows(verdict)["filing_number"])

    def write_tables(self) -> pl.DataFrame:
        """Write the table of all versions, and return it (LIST_VERSION_COLUMNS)."""
        table = pl.DataFrame(list(self._version_rows()), schema=LIST_VERSION_COLUMNS)
        self.write_table(LIST_VERSIONS, table)
        return table

    def _version_rows(self) -> Iterator[dict[str, object]]:
        for number, version, verdict, is_current in self.judged_versions():
            yield list_version_row(number, version, verdict, is_current=is_current)
