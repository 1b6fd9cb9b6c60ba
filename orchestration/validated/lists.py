"""The lists in the validated store, a folder a batch, and the table of all their versions."""

from collections.abc import Iterator, Sequence
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
    standards = Standards("list", contract="orchestration/contracts/lists.py")
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

    def contract(self, table: ListTable, version: Version) -> Contracted:
        return apply_contract(
            table,
            batch_no=int(version.folder),
            list_version=version.version,
            document_sha256=version.sha256,
            known_numbers=self._numbers_elsewhere(version),
        )

    def waiting_for(self, version: Version, contracted: Contracted) -> Sequence[Version]:
        """The other lists, oldest first, with a number that this one showed and has let go."""
        before = self.in_use_before(version)
        shown = _shown(contracted.accepted, contracted.quarantine)
        freed = self._numbers(before) - shown if before else frozenset()
        if not freed:
            return ()
        others = [folder for folder in self.folders() if folder != version.folder]
        found = [
            waiting
            for folder in others
            for waiting in self._latest(folder, version.version)
            if not freed.isdisjoint(self._waiting_numbers(waiting))
        ]
        return sorted(found, key=lambda item: (item.version, item.folder))

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        error.batch_no = int(folder) if error.batch_no is None else error.batch_no
        return error

    def write_tables(self) -> pl.DataFrame:
        """Write the table of all versions, and return it (LIST_VERSION_COLUMNS)."""
        table = pl.DataFrame(list(self._version_rows()), schema=LIST_VERSION_COLUMNS)
        self.write_table(LIST_VERSIONS, table)
        return table

    def _version_rows(self) -> Iterator[dict[str, object]]:
        for number, version, verdict, is_current in self.judged_versions():
            yield list_version_row(number, version, verdict, is_current=is_current)

    def _numbers_elsewhere(self, version: Version) -> set[str]:
        """The numbers that the other batches show, of all that has been judged so far."""
        currents = [self.current(folder) for folder in self.folders() if folder != version.folder]
        return {number for current in currents if current for number in self._numbers(current)}

    def _read_numbers(self, verdict: Verdict) -> frozenset[str]:
        return _shown(self.rows(verdict), self.quarantine(verdict))

    def _latest(self, folder: str, before: str) -> Iterator[Version]:
        """The latest version that was accepted, and the latest that was held back since."""
        earlier = [item for item in self.verdicts(folder) if item.version < before]
        in_use = [item for item in earlier if item.status == "accepted"]
        latest = (*in_use[-1:], *earlier[-1:])
        names = {item.version for item in latest if item.status != "unreadable"}
        for version in self.archive.versions(folder, self.role):
            if version.version in names:
                yield version

    def _waiting_numbers(self, version: Version) -> set[str]:
        quarantine = pl.read_parquet(self.quarantine_path(version.folder, version.version))
        return set(quarantine.filter(check_name=ACROSS_BATCHES)["digits"])


def _shown(accepted: pl.DataFrame, quarantine: pl.DataFrame) -> frozenset[str]:
    """The numbers that a document shows, in good rows or in bad, less those it waits for."""
    waiting = quarantine.filter(check_name=ACROSS_BATCHES)["digits"]
    return frozenset({*accepted["filing_number"], *quarantine["digits"]} - {*waiting, None})
