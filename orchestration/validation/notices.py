"""The cancellation notices in the validated store, a folder a notice, and the tables of all of
them: every version, the records of the accepted ones, and the quarantine of the current ones."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from orchestration.validation.contracts.cancellation_notices import (
    CANCELLATION_COLUMNS,
    CANCELLATION_CONTRACT_VERSION,
    CANCELLATION_QUARANTINE_COLUMNS,
    apply_cancellation_contract,
)
from orchestration.validation.contracts.vocabulary import Contracted
from orchestration.validation.documents import ValidatedDocuments
from orchestration.validation.gates import Standards
from orchestration.validation.notice_versions import NOTICE_VERSION_COLUMNS, notice_version_row
from scrapers.archive.sidecar import Version
from scrapers.documents import CancellationRow, CancellationTable, read_cancellations
from scrapers.fields.text_keys import matching_key
from scrapers.registers.cancellations import NOTICES_FOLDER, notice_folder
from scrapers.registers.discovery.notice_list import titled_count
from scrapers.registers.discovery.notice_titles import quoted_names
from scrapers.registers.discovery.wording import title_key

NOTICE_VERSIONS = "cancellation_notices"
CANCELLATIONS = "cancellations"
QUARANTINE = "cancellation_quarantine"


class ValidatedNotices(ValidatedDocuments[CancellationRow]):
    role = "cancellation"
    # Most notices have five records or so: one that breaks the contract shall not hold up four.
    standards = Standards(
        "notice",
        contract="orchestration/validation/contracts/cancellation_notices.py",
        spared_rows=1,
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
            published_on=date.fromisoformat(version.facts["published_on"]),
            notice_id=version.facts["notice_id"],
            notice_version=version.version,
            document_sha256=version.sha256,
        )

    def counted(self, version: Version) -> int | None:
        return titled_count(version.facts["title"])

    def misplaced(self, version: Version, table: CancellationTable) -> str | None:
        """Whether it is the file of another notice: its title names other algorithms, or a notice
        of another title had the same records before."""
        title = version.facts["title"]
        cells = {matching_key(cell).casefold() for row in table.rows for cell in _naming(row)}
        for name in quoted_names(title):
            if not any(name.casefold() in cell for cell in cells):
                return f"the title names {name!r}, which is in none of the notice's records"
        for folder in self.folders():
            if folder != version.folder and self._had(folder, version):
                return f"its records are those of {folder.rpartition('/')[2]}, another notice"
        return None

    def _had(self, folder: str, later: Version) -> bool:
        """Whether a notice had the records of a later one, under another title."""
        verdict = self.in_use_at(folder, later.seen_at)
        return any(
            verdict is not None
            and version.version == verdict.version
            and version.content_sha256 == later.content_sha256
            and title_key(version.facts["title"]) != title_key(later.facts["title"])
            for version in self._versions(folder) or []
        )

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


def _naming(row: CancellationRow) -> tuple[str, str, str]:
    """The cells by which a notice's title may name a record."""
    return row.algorithm_name, row.entity_name, row.products
