"""The validated store, `data/validated/`: rows that dbt reads, and quarantined rows with reasons.

    <folder>/<version>.parquet             rows that met the contract (accepted versions only)
    <folder>/quarantine/<version>.parquet  failed checks of the other rows, one row per check
    <folder>/<version>.json                the validation result, with the hashes of both files
    <folder>/*.damaged                     torn or altered files that have been rebuilt

There is one folder per document, as in the raw archive. The store is derived from the archive, the
contracts and the reviews. It may be deleted; the next run rebuilds it. `validator` fills it,
`tables` combines it for dbt, and `files` reads and writes the single files.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration.validation.contracts.base import Contract
from orchestration.validation.files import ResultFiles
from orchestration.validation.results import ValidationResult
from orchestration.validation.reviews import Reviews
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError, FilingsError
from scrapers.registers.base import Register


class ValidatedStore:
    """Looks up the validation results and rows of one register's documents.

    `root` is `data/validated/`, which all registers share. `fetched_from` is the source of the
    documents whose sidecar does not name one.
    """

    def __init__(
        self,
        root: Path,
        archive: Archive,
        register: Register,
        contract: Contract,
        reviews: Reviews,
        fetched_from: str | None = None,
    ) -> None:
        self.root = root
        self.files = ResultFiles(root)
        self.archive = archive
        self.register = register
        self.contract = contract
        self.reviews = reviews
        self.fetched_from = fetched_from

    @property
    def contract_version(self) -> str:
        """The version of the contract together with its reviewed exceptions."""
        return self.contract.version + self.reviews.exceptions_version

    def folders(self) -> list[str]:
        """The register's folders of the archive that hold a document, or cannot be read.

        Documents that were announced by mistake are left out.
        """
        superseded = self.register.superseded(self.register.archived(self.archive))
        left_out = set(map(self.register.folder, superseded))
        ours = filter(self.register.owns, self.archive.folders(self.register.parent))
        return [item for item in ours if item not in left_out and self.versions(item) != []]

    def validated_folders(self) -> list[str]:
        """The register's folders that hold a result or rows, whether still archived or not."""
        return list(filter(self.register.owns, self.files.folders(self.register.parent)))

    def versions(self, folder: str) -> list[Version] | None:
        """The versions in a folder, oldest first. None if the archive's folder is unreadable."""
        try:
            return self.archive.versions(folder, self.register.role)
        except ArchiveError:
            return None

    def result(self, folder: str, version: str) -> ValidationResult | None:
        """Return the result of a version under this contract, or None if it must be validated.

        A later review may release a version that was held back, so its old result does not count.
        """
        result = self.files.read(folder, version)
        if result is None or result.contract_version != self.contract_version:
            return None
        is_reviewed_since = (
            result.reviewed_rows != self.reviewed_rows(folder)
            or result.document_sha256 in self.reviews.documents
        )
        return None if result.status == "held_back" and is_reviewed_since else result

    def results(self, folder: str) -> list[ValidationResult]:
        """The results of all versions in a folder, oldest first.

        Empty if the archive's folder is unreadable.
        """
        versions = self.versions(folder) or []
        found = (self.result(folder, version.version) for version in versions)
        return [result for result in found if result is not None]

    def accepted(self, folder: str) -> list[ValidationResult]:
        """The results of the accepted versions in a folder, oldest first."""
        return [result for result in self.results(folder) if result.status == "accepted"]

    def current(self, folder: str) -> ValidationResult | None:
        """The latest accepted version in a folder."""
        accepted = self.accepted(folder)
        return accepted[-1] if accepted else None

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None:
        """The result of the version that was in use in a folder just before a moment.

        None if there was none, or if the archive's folder is unreadable.
        """
        versions = self.versions(folder) or []
        before = [version for version in versions if version.seen_at < moment]
        found = (self.result(folder, version.version) for version in reversed(before))
        return next((item for item in found if item and item.status == "accepted"), None)

    def latest_results(self) -> list[ValidationResult]:
        """The result of the latest version in each folder."""
        return [results[-1] for folder in self.folders() if (results := self.results(folder))]

    def validated_versions(self) -> Iterator[tuple[int, Version, ValidationResult, bool]]:
        """Every version that has a result, by folder and then oldest first.

        Yields its number within the folder, counted from 1, the version, its result, and whether it
        is the version in use.
        """
        for folder in self.folders():
            versions = self.versions(folder) or []
            results = [self.result(folder, version.version) for version in versions]
            accepted = [item for item in results if item and item.status == "accepted"]
            for number, (version, result) in enumerate(zip(versions, results, strict=True), 1):
                if result:
                    yield number, version, result, result in accepted[-1:]

    def rows(self, result: ValidationResult) -> pl.DataFrame:
        """The accepted rows of a version."""
        return pl.read_parquet(self.files.rows_path(result.folder, result.version), glob=False)

    def first_rows(
        self, result: ValidationResult, columns: Sequence[str], count: int
    ) -> pl.DataFrame:
        """Some columns of the first accepted rows of a version. Nothing else is read."""
        path = self.files.rows_path(result.folder, result.version)
        return pl.scan_parquet(path, glob=False).select(columns).head(count).collect()

    def quarantine(self, result: ValidationResult) -> pl.DataFrame:
        """The failed checks of a version."""
        path = self.files.quarantine_path(result.folder, result.version)
        return pl.read_parquet(path, glob=False)

    def reviewed_rows(self, folder: str) -> int | None:
        """The number of rows that a reviewer counted in a folder's document, if any did."""
        return self.reviews.rows.get(self.register.key_of(folder))

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        """The error, with the label of the document that it concerns."""
        error.document = error.document or self.register.label(self.register.key_of(folder))
        return error
