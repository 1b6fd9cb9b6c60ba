"""The cancellation notices in the validated store, a folder a notice, and the tables of all of
them: every version, the records of the accepted ones, and the quarantine of the current ones."""

from collections.abc import Iterator

import polars as pl

from orchestration.contracts.cancellations import (
    CANCELLATION_COLUMNS,
    CANCELLATION_CONTRACT_VERSION,
    CANCELLATION_QUARANTINE_COLUMNS,
    apply_cancellation_contract,
)
from orchestration.contracts.parts import Contracted
from orchestration.validated.documents import ValidatedDocuments
from orchestration.validated.doubts import Standards
from orchestration.validated.notice_versions import NOTICE_VERSION_COLUMNS, notice_version_row
from scrapers.cancellations import NOTICES_FOLDER, notice_folder
from scrapers.documents import CancellationRow, CancellationTable, read_cancellations
from scrapers.notices import titled_count
from scrapers.sidecar import Version

NOTICE_VERSIONS = "cancellation_notices"
CANCELLATIONS = "cancellations"
QUARANTINE = "cancellation_quarantine"


class ValidatedNotices(ValidatedDocuments[CancellationRow]):
    role = "cancellation"
    # Most notices have five records or so: one that breaks the contract shall not hold up four.
    standards = Standards(
        "notice", contract="orchestration/contracts/cancellations.py", spared_rows=1
    )
    uncompared = ("notice_version", "record_no", "entity_key")

    tables = (NOTICE_VERSIONS, CANCELLATIONS, QUARANTINE)
    document_column = "notice_id"
    version_column = "notice_version"

    @property
    def contract_version(self) -> str:
        return CANCELLATION_CONTRACT_VERSION

    def is_ours(self, folder: str) -> bool:
        return folder.startswith(f"{NOTICES_FOLDER}/")

    def folder_of(self, document: str) -> str:
        return notice_folder(document)

    def read(self, content: bytes) -> CancellationTable:
        return read_cancellations(content)

    def contract(self, table: CancellationTable, version: Version) -> Contracted:
        return apply_cancellation_contract(
            table,
            notice_id=version.facts["notice_id"],
            notice_version=version.version,
            document_sha256=version.sha256,
        )

    def counted(self, version: Version) -> int | None:
        return titled_count(version.facts["title"])

    def write_tables(self) -> pl.DataFrame:
        """Write the three tables; the one of all versions comes back (NOTICE_VERSION_COLUMNS)."""
        kept = self.kept_folders()
        rows = pl.DataFrame(list(self._version_rows()), schema=NOTICE_VERSION_COLUMNS)
        current = [verdict for folder in self.folders() if (verdict := self.current(folder))]
        records = [
            self.rows(verdict) for folder in self.folders() for verdict in self.accepted(folder)
        ]
        quarantined = [self.quarantine(verdict) for verdict in current]
        none = pl.DataFrame(schema=CANCELLATION_COLUMNS)
        self.write_table(CANCELLATIONS, pl.concat([none, *records]), kept)
        none = pl.DataFrame(schema=CANCELLATION_QUARANTINE_COLUMNS)
        self.write_table(QUARANTINE, pl.concat([none, *quarantined]), kept)
        # Last: it says which folders' rows are kept in the others.
        return self.write_table(NOTICE_VERSIONS, rows, kept)

    def _version_rows(self) -> Iterator[dict[str, object]]:
        for number, version, verdict, is_current in self.judged_versions():
            yield notice_version_row(number, version, verdict, is_current=is_current)
