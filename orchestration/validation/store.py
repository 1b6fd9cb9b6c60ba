"""The validated store, `data/validated/`: what dbt reads, and the reasons for what it does not.

    <folder>/<version>.parquet             rows that met the contract (accepted versions only)
    <folder>/quarantine/<version>.parquet  rows that did not, one per failed check
    <folder>/<version>.json                the result of the version, with hashes of the two
    <folder>/*.damaged                     what was torn or altered, and has been made again

A folder belongs to one document, as in the raw archive. All of it is a function of the archive, the
contracts and the reviews: it may be deleted, and the next run writes it again. `validator` writes
it, `tables` joins it for dbt, `files` keeps the files.
"""

from collections.abc import Iterator
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
    """Look up what became of the documents of one register.

    `root` is `data/validated/`, which all registers share.
    """

    def __init__(
        self,
        root: Path,
        archive: Archive,
        register: Register,
        contract: Contract,
        reviews: Reviews,
    ) -> None:
        self.root = root
        self.files = ResultFiles(root)
        self.archive = archive
        self.register = register
        self.contract = contract
        self.reviews = reviews

    def folders(self) -> list[str]:
        """The folders of the archive that hold a document, or cannot be read.

        Documents that were announced by mistake are left out.
        """
        superseded = self.register.superseded(self.register.archived(self.archive))
        left_out = set(map(self.register.folder, superseded))
        ours = filter(self.register.owns, self.archive.folders())
        return [item for item in ours if item not in left_out and self.versions(item) != []]

    def versions(self, folder: str) -> list[Version] | None:
        """The versions in a folder, oldest first; None where its archive cannot be read."""
        try:
            return self.archive.versions(folder, self.register.role)
        except ArchiveError:
            return None

    def result(self, folder: str, version: str) -> ValidationResult | None:
        """The result of this contract for a version, or None where it must be validated.

        A review made since may release what was held back, so that result no longer counts.
        """
        result = self.files.read(folder, version)
        if result is None or result.contract_version != self.contract.version:
            return None
        is_reviewed_since = (
            result.reviewed_rows != self.reviewed_rows(folder)
            or result.document_sha256 in self.reviews.documents
        )
        return None if result.status == "held_back" and is_reviewed_since else result

    def results(self, folder: str) -> list[ValidationResult]:
        """The results of all versions in a folder, oldest first; none where its archive cannot be
        read.
        """
        versions = self.versions(folder) or []
        found = (self.result(folder, version.version) for version in versions)
        return [result for result in found if result is not None]

    def accepted(self, folder: str) -> list[ValidationResult]:
        return [result for result in self.results(folder) if result.status == "accepted"]

    def current(self, folder: str) -> ValidationResult | None:
        """The latest accepted version in a folder."""
        accepted = self.accepted(folder)
        return accepted[-1] if accepted else None

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None:
        """The version that was in use in a folder before a moment; None where there was none, or
        where the archive cannot say.
        """
        versions = self.versions(folder) or []
        before = [version for version in versions if version.seen_at < moment]
        found = (self.result(folder, version.version) for version in reversed(before))
        return next((item for item in found if item and item.status == "accepted"), None)

    def latest_results(self) -> list[ValidationResult]:
        """The result of the latest version in every folder."""
        return [results[-1] for folder in self.folders() if (results := self.results(folder))]

    def validated_versions(self) -> Iterator[tuple[int, Version, ValidationResult, bool]]:
        """Every version with a result: its number within its folder from 1, oldest first, and
        whether it is the current one.
        """
        for folder in self.folders():
            current = self.current(folder)
            for number, version in enumerate(self.versions(folder) or [], start=1):
                result = self.result(folder, version.version)
                if result:
                    yield number, version, result, result == current

    def rows(self, result: ValidationResult) -> pl.DataFrame:
        """The accepted rows of a version."""
        return pl.read_parquet(self.files.rows_path(result.folder, result.version), glob=False)

    def quarantine(self, result: ValidationResult) -> pl.DataFrame:
        """The failed checks of a version."""
        path = self.files.quarantine_path(result.folder, result.version)
        return pl.read_parquet(path, glob=False)

    def reviewed_rows(self, folder: str) -> int | None:
        return self.reviews.rows.get(self.register.key_of(folder))

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        """The error with the document that it is about."""
        error.document = error.document or self.register.label(self.register.key_of(folder))
        return error
