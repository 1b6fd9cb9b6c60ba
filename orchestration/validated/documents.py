"""The validated store, `data/validated/`: what dbt reads, and the reasons for what it does not.

    <folder>/<version>.parquet             rows that met the contract (accepted versions only)
    <folder>/quarantine/<version>.parquet  rows that did not, one a failed check
    <folder>/<version>.json                the verdict on the version

A folder is a batch or a cancellation notice, as in the raw archive. All of it is a function of
the archive, the contracts and the reviews: it may be deleted, and the next run writes it again.
No folder depends on another one. Within a folder the versions are judged in the order of retrieval,
and one that is judged again (a review has released it, say) has those after it judged again, so
that the store never depends on when a thing was found out. `lists` and `notices` hold what the two
kinds of document do not share.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Generic

import polars as pl

from orchestration.contracts.parts import Contracted
from orchestration.validated.doubts import Counts, Reviews, Standards, find_doubt
from orchestration.validated.verdicts import DocumentState, Verdict
from scrapers.archive import Archive, Role, Version
from scrapers.documents.reading import LimitError
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

    def counted(self, version: Version) -> int | None:
        """How many rows the source says the document has; None where it does not say."""
        return None

    def judge(
        self, folder: str, known_tables: Mapping[str, DocumentTable[Row]] = MappingProxyType({})
    ) -> DocumentState:
        """Bring a folder up to date with the archive, oldest version first.

        `known_tables` saves reading again what a fetch has just read: {version: table}.
        """
        current: Verdict | None = None
        latest: Verdict | None = None
        judged_now = False
        for version in self.archive.versions(folder, self.role):
            latest = None if judged_now else self.verdict(folder, version.version)
            if latest is None:
                judged_now = True
                latest = self.judge_version(version, current, known_tables.get(version.version))
            if latest.status == "accepted":
                current = latest
        if latest is None:
            raise LookupError(f"no {self.role} in the archive's folder {folder}")
        return DocumentState(latest, current, judged_now)

    def judge_archived(self) -> dict[str, FilingsError]:
        """Judge every version that has no verdict yet; what failed, by folder."""
        failed: dict[str, FilingsError] = {}
        for folder in self.folders():
            try:
                self.judge(folder)
            except FilingsError as error:
                failed[folder] = self.located(error, folder)
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
        return read_parquet(self._path(verdict.folder, verdict.version, "parquet"))

    def quarantine(self, verdict: Verdict) -> pl.DataFrame:
        """The failed checks of a version."""
        return read_parquet(self.quarantine_path(verdict.folder, verdict.version))

    def write_table(self, name: str, table: pl.DataFrame) -> None:
        """Write a table of the whole store, `<name>.parquet`, if it has changed."""
        path = self.root / f"{name}.parquet"
        if not path.exists() or not read_parquet(path).equals(table):
            _write_parquet(path, table)

    def judge_version(
        self, version: Version, current: Verdict | None, table: DocumentTable[Row] | None = None
    ) -> Verdict:
        """Judge one version against the one in use before it; `table` saves reading it."""
        folder = version.folder
        try:
            table = table or self.read(self.archive.read(version))
        except LimitError:
            raise  # a machine that is too busy says nothing about the document
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
        reviewed = self.reviews.rows.get(folder)
        counts = Counts(
            len(table.rows),
            contracted.quarantined_rows,
            table.highest_position,
            self.counted(version),
        )
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
        _write_parquet(self.quarantine_path(folder, version.version), contracted.quarantine)
        if not doubt:
            _write_parquet(self._path(folder, version.version, "parquet"), contracted.accepted)
        # The verdict comes last: a version without one counts as not judged.
        write_json(self._path(folder, version.version, "json"), asdict(verdict))
        return verdict

    def _difference(self, before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
        """How many filings were added, amended and gone."""
        old, new = (_squeezed(frame.drop(*self.uncompared)) for frame in (before, after))
        added = new.join(old, on="filing_number", how="anti").height
        gone = old.join(new, on="filing_number", how="anti").height
        same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
        return added, new.height - added - same, gone

    def accepted(self, folder: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts(folder) if verdict.status == "accepted"]

    def _path(self, folder: str, version: str, suffix: str) -> Path:
        return self.root / folder / f"{version}.{suffix}"

    def quarantine_path(self, folder: str, version: str) -> Path:
        return self.root / folder / "quarantine" / f"{version}.parquet"


def _squeezed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without what nobody sees in their texts, which is no change either."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))


def read_parquet(path: Path) -> pl.DataFrame:
    """A file by its name, also where that holds what would be a pattern of names, such as [ ]."""
    return pl.read_parquet(path, glob=False)


def _write_parquet(path: Path, frame: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = temporary_name(path)
    frame.write_parquet(part)
    part.replace(path)
