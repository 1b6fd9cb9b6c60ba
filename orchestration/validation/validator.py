"""Validating: the archive's versions of one register, each against the one in use before it.

Within a folder the versions are validated in the order of the archive, and where one is validated
again (a review has released it, say) those after it are too, so that the store never depends on
when a thing was found out. Folders are compared for one question only: whether a document belongs
to another folder. For that the versions of all folders are validated in the order of retrieval. A
folder whose archive is damaged keeps what the store has of it.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import dropwhile
from types import MappingProxyType

import polars as pl

from orchestration.validation.contracts.frames import Contracted
from orchestration.validation.gates import AcceptancePolicy, Counts, FailedGate, failed_gate
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
    """Brings a validated store up to date with its archive."""

    def __init__(self, store: ValidatedStore) -> None:
        self.store = store
        self.policy = AcceptancePolicy(
            store.register.terms.document, store.contract.module, store.contract.spared_rows
        )

    def validate(
        self,
        folder: str,
        known_tables: Mapping[str, DocumentTable] = NO_TABLES,
        last: Version | None = None,
    ) -> DocumentState:
        """Bring a folder up to date with the archive, oldest version first.

        `known_tables` saves reading again what a fetch has just read: {version: table}. `last` ends
        it at that version. Raises FilingsError where the archive cannot be read.
        """
        current: ValidationResult | None = None
        latest: ValidationResult | None = None
        is_new = False
        for version in self._up_to(folder, last):
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
        """Validate every version that has no result yet, oldest first; what failed, by folder.

        Damaged files of the store are put aside before.
        """
        store = self.store
        failed: dict[str, FilingsError] = {}
        for folder in filter(store.register.owns, store.files.folders()):
            store.files.set_aside_damaged(folder)
        for folder in store.folders():
            try:
                store.archive.versions(folder, store.register.role)
            except FilingsError as error:
                failed[folder] = store.located(error, folder)
        pending = self._not_validated()
        for version in pending:
            # A result that follows one made now compares with what was in use before it.
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
        """Validate one version against the one in use before it; `table` saves reading it."""
        store = self.store
        try:
            table = table or read_document(store.archive.read(version), store.register.tables)
        except LimitError:
            raise  # a machine that is too busy says nothing about the document
        except DocumentError as error:
            unreadable = ValidationResult(
                folder=version.folder,
                version=version.version,
                document_sha256=version.sha256,
                contract_version=store.contract.version,
                status="unreadable",
                reason=error.found,
                remedy=error.remedy,
            )
            return store.files.write(unreadable, None, None)
        key = store.register.key_of(version.folder)
        contracted = store.contract.apply(table, version, key)
        before = store.rows(current) if current else contracted.accepted.clear()
        added, amended, gone = self._difference(before, contracted.accepted)
        counts = Counts(
            listed=len(table.rows),
            quarantined=contracted.quarantined_rows,
            highest_position=table.highest_position,
            stated=store.contract.stated_rows(version.facts),
            gone=gone,
            amended=amended,
        )
        gate = self._gate(version, table, counts, current)
        result = ValidationResult(
            folder=version.folder,
            version=version.version,
            document_sha256=version.sha256,
            contract_version=store.contract.version,
            status="held_back" if gate else "accepted",
            reason=gate.reason if gate else None,
            remedy=gate.remedy if gate else None,
            reviewed_rows=store.reviewed_rows(version.folder),
            rows_listed=len(table.rows),
            rows_accepted=contracted.accepted.height,
            rows_quarantined=contracted.quarantined_rows,
            added=added,
            amended=amended,
            gone=gone,
        )
        return self._write(result, contracted)

    def _gate(
        self,
        version: Version,
        table: DocumentTable,
        counts: Counts,
        current: ValidationResult | None,
    ) -> FailedGate | None:
        """The gate that the version fails; an approved document passes all of them."""
        if version.sha256 in self.store.reviews.documents:
            return None
        misplaced = self.store.contract.misplaced(self.store, version, table)
        reviewed = self.store.reviewed_rows(version.folder)
        return failed_gate(counts, current, reviewed, self.policy, version.sha256, misplaced)

    def _write(self, result: ValidationResult, contracted: Contracted) -> ValidationResult:
        accepted = contracted.accepted if result.status == "accepted" else None
        return self.store.files.write(result, accepted, contracted.quarantine)

    def _up_to(self, folder: str, last: Version | None) -> Iterator[Version]:
        for version in self.store.archive.versions(folder, self.store.register.role):
            yield version
            if last and version.version == last.version:
                return

    def _not_validated(self) -> list[Version]:
        """Of each folder the first version without a result and all after it; oldest first."""
        versions: list[Version] = []
        for folder in self.store.folders():
            is_validated = partial(self._is_validated, folder)
            versions += dropwhile(is_validated, self.store.versions(folder) or [])
        return sorted(versions, key=lambda version: version.seen_at)

    def _is_validated(self, folder: str, version: Version) -> bool:
        return self.store.result(folder, version.version) is not None

    def _difference(self, before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
        """How many rows were added, amended and gone, by their key."""
        contract, key = self.store.contract, self.store.register.key
        dropped = (contract.place.version, contract.place.row, *contract.unchanged)
        old, new = (_without_invisible(frame.drop(*dropped)) for frame in (before, after))
        added = new.join(old, on=key, how="anti").height
        gone = old.join(new, on=key, how="anti").height
        same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
        return added, new.height - added - same, gone


def _without_invisible(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without invisible characters in their texts, which are not a change either."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))
