"""Validates the archived versions of one register's documents.

The versions in a folder are validated in archive order, each against the version in use before it.
If a version is validated again, for example because a review released it, all later ones are too:
the store depends on the archive and the reviews only, not on when each was added.

Documents are compared with those of other folders only to detect one that was published in the
wrong place. For that comparison, versions of all folders are validated in order of retrieval.

A folder whose archive is damaged keeps what the store already has of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import dropwhile
from types import MappingProxyType

import polars as pl

from orchestration.validation.contracts.frames import ContractResult
from orchestration.validation.gates import AcceptancePolicy, Counts, FailedGate, failed_gate
from orchestration.validation.other_documents import Others
from orchestration.validation.results import DocumentState, ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.sidecar import Version
from scrapers.documents import read_document
from scrapers.documents.reading import LimitError
from scrapers.documents.table import DocumentTable
from scrapers.errors import DocumentError, FilingsError
from scrapers.fields.text_keys import INVISIBLE

NO_TABLES: Mapping[str, DocumentTable] = MappingProxyType({})


class Validator:
    """Brings a validated store up to date with the archive."""

    def __init__(self, store: ValidatedStore) -> None:
        self.store = store
        self.others = Others(store)
        self.policy = AcceptancePolicy(
            store.register.terms.document, store.contract.module, store.contract.tolerated_rows
        )

    def validate(
        self,
        folder: str,
        known_tables: Mapping[str, DocumentTable] = NO_TABLES,
        last: Version | None = None,
    ) -> DocumentState:
        """Validate the versions in a folder that have no result yet, oldest first.

        `known_tables` ({version: table}) holds documents that have just been read, so that they are
        not parsed twice. `last` is the last version to validate. Raises FilingsError if the archive
        cannot be read, and LookupError if the folder has no version.
        """
        current: ValidationResult | None = None
        latest: ValidationResult | None = None
        is_new = False
        for version in self._versions_up_to(folder, last):
            latest = None if is_new else self.store.result(folder, version.version)
            if latest is None:
                is_new = True
                table = known_tables.get(version.version)
                latest = self.validate_version(version, current, table)
            if latest.status == "accepted":
                current = latest
        if latest is None:
            raise LookupError(f"no {self.store.register.role} in the archive's folder {folder}")
        return DocumentState(latest, current, is_new)

    def validate_archived(self) -> dict[str, FilingsError]:
        """Validate every version that has no result yet, oldest first. Return errors by folder.

        Damaged files of the store are set aside first. The caller must hold the run lock.
        """
        store = self.store
        failed: dict[str, FilingsError] = {}
        for folder in store.validated_folders():
            store.files.set_aside_damaged(folder)
        store.files.hashes.save()
        folders = store.folders()
        for folder in folders:
            try:
                store.archive.versions(folder, store.register.role)
            except FilingsError as error:
                failed[folder] = store.located(error, folder)
        pending = self._pending_versions(folders)
        for version in pending:
            # Results of later versions were computed against the old results, so they go too.
            store.files.forget(version.folder, version.version)
        for version in pending:
            if version.folder in failed:
                continue
            try:
                self.validate(version.folder, last=version)
            except FilingsError as error:
                failed[version.folder] = store.located(error, version.folder)
        return failed

    def validate_version(
        self, version: Version, current: ValidationResult | None, table: DocumentTable | None = None
    ) -> ValidationResult:
        """Validate one version against the version in use before it.

        `table` is the document's content if it has just been read.
        """
        store = self.store
        try:
            table = table or read_document(store.archive.read(version), store.register.tables)
        except LimitError:
            # A time or memory limit was hit, which depends on the machine, not on the document.
            raise
        except DocumentError as error:
            unreadable = ValidationResult(
                folder=version.folder,
                version=version.version,
                document_sha256=version.sha256,
                contract_version=store.contract_version,
                status="unreadable",
                reason=error.found,
                remedy=error.remedy,
            )
            return store.files.write(unreadable, None, None)
        key = store.register.key_of(version.folder)
        applied = store.contract.apply(table, version, key, store.reviews.exceptions)
        before = store.rows(current) if current else applied.accepted.clear()
        added, amended, gone = self._difference(before, applied.accepted)
        counts = Counts(
            listed=len(table.rows),
            quarantined=applied.quarantined_rows,
            numbered=store.contract.numbered_rows(table),
            stated=store.contract.stated_rows(version.facts),
            tolerated_gaps=store.contract.tolerated_gaps,
            gone=gone,
            amended=amended,
        )
        gate = self._failed_gate(version, table, counts, current)
        result = ValidationResult(
            folder=version.folder,
            version=version.version,
            document_sha256=version.sha256,
            contract_version=store.contract_version,
            status="held_back" if gate else "accepted",
            reason=gate.reason if gate else None,
            remedy=gate.remedy if gate else None,
            reviewed_rows=store.reviewed_rows(version.folder),
            rows_listed=len(table.rows),
            rows_accepted=applied.accepted.height,
            rows_quarantined=applied.quarantined_rows,
            added=added,
            amended=amended,
            gone=gone,
        )
        return self._write(version, result, applied)

    def _failed_gate(
        self,
        version: Version,
        table: DocumentTable,
        counts: Counts,
        current: ValidationResult | None,
    ) -> FailedGate | None:
        """The gate that the version fails, if any. An approved document skips all gates."""
        if version.sha256 in self.store.reviews.documents:
            return None
        misplaced = self.store.contract.misplaced(self.others, version, table)
        reviewed = self.store.reviewed_rows(version.folder)
        return failed_gate(counts, current, reviewed, self.policy, version.sha256, misplaced)

    def _write(
        self, version: Version, result: ValidationResult, applied: ContractResult
    ) -> ValidationResult:
        accepted = applied.accepted if result.status == "accepted" else None
        written = self.store.files.write(result, accepted, applied.quarantine)
        self.others.add(version, written)
        return written

    def _versions_up_to(self, folder: str, last: Version | None) -> Iterator[Version]:
        for version in self.store.archive.versions(folder, self.store.register.role):
            yield version
            if last and version.version == last.version:
                return

    def _pending_versions(self, folders: Iterable[str]) -> list[Version]:
        """From each folder, the first version without a result and all later ones; oldest first."""
        versions: list[Version] = []
        for folder in folders:
            is_validated = partial(self._is_validated, folder)
            versions += dropwhile(is_validated, self.store.versions(folder) or [])
        return sorted(versions, key=lambda version: version.seen_at)

    def _is_validated(self, folder: str, version: Version) -> bool:
        return self.store.result(folder, version.version) is not None

    def _difference(self, before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
        """The numbers of rows added, amended and gone, by key."""
        contract, key = self.store.contract, self.store.register.key
        dropped = (contract.place.version, contract.place.row, *contract.unchanged)
        old, new = (_without_invisible(frame.drop(*dropped)) for frame in (before, after))
        added = new.join(old, on=key, how="anti").height
        gone = old.join(new, on=key, how="anti").height
        same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
        return added, new.height - added - same, gone


def _without_invisible(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with invisible characters removed, since these do not count as a change."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))
