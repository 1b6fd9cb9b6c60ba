"""The validated store, `data/validated/`: what dbt reads, and the reasons for what it does not.

    <folder>/<version>.parquet             rows that met the contract (accepted versions only)
    <folder>/quarantine/<version>.parquet  rows that did not, one a failed check
    <folder>/<version>.json                the verdict on the version

A folder is a batch or a cancellation notice, as in the raw archive. All of it is a function of
the archive, the contracts and the reviews: it may be deleted, and the next run writes it again.
Versions are judged in the order of retrieval, and where one must be judged that stands before
others (a review has released it, the contract is another), all are judged anew, so that the store
never depends on when a thing was found out. What the two kinds of document do not share stands in
`lists` and `notices`, beside this module.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Generic

import polars as pl

from orchestration.contracts.parts import Contracted
from orchestration.validated.doubts import Counts, Reviews, Standards, find_doubt
from orchestration.validated.verdicts import DocumentState, Verdict
from scrapers.archive import Archive, Role, Version
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError, FilingsError
from scrapers.files import temporary_name, write_json
from scrapers.text_keys import INVISIBLE


class ValidatedDocuments(ABC, Generic[Row]):
    """Judge the archive's versions of one kind of document and keep what they hold.

    `root` is `data/validated/`.
    """

    role: Role
    standards: Standards
    # Where a row stands, and what is read off its other columns: no change to a filing.
    uncompared: Sequence[str]

    def __init__(self, root: Path, archive: Archive, reviews: Reviews) -> None:
        self.root = root
        self.archive = archive
        self.reviews = reviews

    @property
    @abstractmethod
    def contract_version(self) -> str:
        """The contract that verdicts are made by; verdicts of another one do not count."""

    @abstractmethod
    def folders(self) -> list[str]:
        """The folders of the archive that hold such a document."""

    @abstractmethod
    def read(self, content: bytes) -> DocumentTable[Row]:
        """The rows of a document. Raises DocumentError."""

    @abstractmethod
    def contract(self, table: DocumentTable[Row], version: Version) -> Contracted:
        """Split a document into the rows that meet the contract and the reasons of the others."""

    def waiting_for(self, version: Version, contracted: Contracted) -> Sequence[Version]:
        """The versions to judge again once this one is in use."""
        return ()

    def judge(self, folder: str, known_tables: Mapping[str, DocumentTable[Row]]) -> DocumentState:
        """Bring a folder up to date with the archive, oldest version first.

        `known_tables` saves reading again what a fetch has just read: {version: table}.
        """
        current: Verdict | None = None
        latest: Verdict | None = None
        judged_now = False
        for version in self.archive.versions(folder, self.role):
            latest = self.verdict(folder, version.version)
            judged_now = latest is None
            if latest is None:
                latest = self.judge_version(version, known_tables.get(version.version))
            if latest.status == "accepted":
                current = latest
        if latest is None:
            raise LookupError(f"no {self.role} in the archive's folder {folder}")
        return DocumentState(latest, current, judged_now)

    def judge_archived(self) -> dict[str, FilingsError]:
        """Judge every version that has no verdict yet, in the order of retrieval; what failed.

        The order matters where two documents hold one number: whoever had it first keeps it.
        """
        versions = sorted(
            (
                version
                for folder in self.folders()
                for version in self.archive.versions(folder, self.role)
            ),
            key=lambda item: (item.version, item.folder),
        )
        is_judged = [
            self.verdict(version.folder, version.version) is not None for version in versions
        ]
        if False in is_judged and True in is_judged[is_judged.index(False) :]:
            for version in versions:
                self._forget(version)
            is_judged = [False] * len(versions)
        failed: dict[str, FilingsError] = {}
        for version, is_done in zip(versions, is_judged, strict=True):
            if is_done or version.folder in failed:
                continue
            try:
                self.judge_version(version)
            except FilingsError as error:
                failed[version.folder] = self.located(error, version.folder)
        return failed

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        """The error with the place that this kind of document is known by."""
        return error

    def verdict(self, folder: str, version: str) -> Verdict | None:
        """The verdict of this contract on a version, or None where it must be judged.

        A review made since may release what was held back, so that verdict counts no longer.
        """
        try:
            verdict = Verdict(**json.loads(self._path(folder, version, "json").read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None  # not judged, torn by a power cut, or written by another program version
        if verdict.contract_version != self.contract_version:
            return None
        is_reviewed_since = (
            verdict.reviewed_rows != self.reviews.rows.get(folder)
            or verdict.document_sha256 in self.reviews.documents
        )
        return None if verdict.status == "held_back" and is_reviewed_since else verdict

    def verdicts(self, folder: str) -> list[Verdict]:
        """The verdicts on all versions in a folder, oldest first."""
        versions = self.archive.versions(folder, self.role)
        found = (self.verdict(folder, version.version) for version in versions)
        return [verdict for verdict in found if verdict is not None]

    def current(self, folder: str) -> Verdict | None:
        """The latest accepted version in a folder."""
        accepted = self.accepted(folder)
        return accepted[-1] if accepted else None

    def judged_versions(self) -> Iterator[tuple[int, Version, Verdict, bool]]:
        """Every version with a verdict: its number within its folder from 1, oldest first, and
        whether it is the current one."""
        for folder in self.folders():
            current = self.current(folder)
            versions = self.archive.versions(folder, self.role)
            for number, version in enumerate(versions, start=1):
                verdict = self.verdict(folder, version.version)
                if verdict:
                    yield number, version, verdict, verdict == current

    def rows(self, verdict: Verdict) -> pl.DataFrame:
        """The accepted rows of a version."""
        return pl.read_parquet(self._path(verdict.folder, verdict.version, "parquet"))

    def quarantine(self, verdict: Verdict) -> pl.DataFrame:
        """The failed checks of a version."""
        return pl.read_parquet(self.quarantine_path(verdict.folder, verdict.version))

    def write_table(self, name: str, table: pl.DataFrame) -> None:
        """Write a table of the whole store, `<name>.parquet`, if it has changed."""
        path = self.root / f"{name}.parquet"
        if not path.exists() or not pl.read_parquet(path).equals(table):
            _write_parquet(path, table)

    def judge_version(self, version: Version, table: DocumentTable[Row] | None = None) -> Verdict:
        """Judge one version, and those again that have waited for it; `table` saves reading it."""
        folder = version.folder
        try:
            table = table or self.read(self.archive.read(version))
        except DocumentError as error:
            verdict = Verdict(
                folder,
                version.version,
                version.sha256,
                self.contract_version,
                "unreadable",
                error.found,
                error.remedy,
            )
            write_json(self._path(folder, version.version, "json"), asdict(verdict))
            return verdict
        contracted = self.contract(table, version)
        current = self.in_use_before(version)
        reviewed = self.reviews.rows.get(folder)
        counts = Counts(len(table.rows), contracted.quarantined_rows, table.highest_position)
        doubt = None
        if version.sha256 not in self.reviews.documents:
            doubt = find_doubt(counts, current, reviewed, self.standards, version.sha256)
        before = self.rows(current) if current else contracted.accepted.clear()
        added, amended, gone = self._difference(before, contracted.accepted)
        verdict = Verdict(
            folder,
            version.version,
            version.sha256,
            self.contract_version,
            "held_back" if doubt else "accepted",
            doubt.reason if doubt else None,
            doubt.remedy if doubt else None,
            reviewed,
            rows_listed=len(table.rows),
            rows_accepted=contracted.accepted.height,
            rows_quarantined=contracted.quarantined_rows,
            added=added,
            amended=amended,
            gone=gone,
        )
        waiting: Sequence[Version] = ()
        _write_parquet(self.quarantine_path(folder, version.version), contracted.quarantine)
        if not doubt:
            _write_parquet(self._path(folder, version.version, "parquet"), contracted.accepted)
            waiting = self.waiting_for(version, contracted)
        # A version without a verdict counts as not judged. So those to be judged again lose theirs
        # first, and this one gets its own last: a run that is killed leaves nothing half done.
        for other in waiting:
            self._forget(other)
        write_json(self._path(folder, version.version, "json"), asdict(verdict))
        for other in waiting:
            self.judge_version(other)
        return verdict

    def _forget(self, version: Version) -> None:
        self._path(version.folder, version.version, "json").unlink(missing_ok=True)

    def _difference(self, before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
        """How many filings were added, amended and gone."""
        old, new = (_squeezed(frame.drop(*self.uncompared)) for frame in (before, after))
        added = new.join(old, on="filing_number", how="anti").height
        gone = old.join(new, on="filing_number", how="anti").height
        same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
        return added, new.height - added - same, gone

    def accepted(self, folder: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts(folder) if verdict.status == "accepted"]

    def in_use_before(self, version: Version) -> Verdict | None:
        """The accepted version of the same document before this one."""
        accepted = self.accepted(version.folder)
        return next((item for item in reversed(accepted) if item.version < version.version), None)

    def _path(self, folder: str, version: str, suffix: str) -> Path:
        return self.root / folder / f"{version}.{suffix}"

    def quarantine_path(self, folder: str, version: str) -> Path:
        return self.root / folder / "quarantine" / f"{version}.parquet"


def _squeezed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without what nobody sees in their texts, which is no change either."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))


def _write_parquet(path: Path, frame: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = temporary_name(path)
    frame.write_parquet(part)
    part.replace(path)
