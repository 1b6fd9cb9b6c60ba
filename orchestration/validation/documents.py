"""The validated store, `data/validated/`: what dbt reads, and the reasons for what it does not.

    <folder>/<version>.parquet             rows that met the contract (accepted versions only)
    <folder>/quarantine/<version>.parquet  rows that did not, one per failed check
    <folder>/<version>.json                the verdict on the version, with hashes of the two
    <folder>/*.damaged                     what was torn or altered, and has been made again

A folder is a batch or a cancellation notice, as in the raw archive. All of it is a function of
the archive, the contracts and the reviews: it may be deleted, and the next run writes it again.
Within a folder the versions are judged in the order of the archive, and one that is judged again (a
review has released it, say) has those after it judged again, so that the store never depends on
when a thing was found out. Folders are compared for one question only: whether a document is
another one's. For that the versions of all folders are judged in the order of retrieval. A folder
that cannot be judged, because its archive is damaged, keeps what the store has of it. `lists` and
`notices` hold what the two kinds of document do not share, `files` how verdicts and rows are
written.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import dropwhile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic

import polars as pl

from orchestration.validation.contracts.vocabulary import Contracted
from orchestration.validation.files import VerdictFiles, read_table, write_table
from orchestration.validation.gates import Counts, Reviews, Standards, find_doubt
from orchestration.validation.results import DocumentState, Verdict
from scrapers.archive.sidecar import Role, Version
from scrapers.archive.store import Archive
from scrapers.documents.reading import LimitError
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import ArchiveError, DocumentError, FilingsError
from scrapers.fields.text_keys import INVISIBLE


class ValidatedDocuments(ABC, Generic[Row]):
    """Judge the archive's versions of one kind of document and keep what they hold.

    `root` is `data/validated/`.
    """

    role: Role
    standards: Standards
    # Where a row stands, and what is read off its other columns: no change to a filing.
    uncompared: Sequence[str]
    # The tables of the whole store, that of all versions first, and its columns that name the
    # document and the version.
    tables: Sequence[str]
    document_column: str
    version_column: str

    def __init__(self, root: Path, archive: Archive, reviews: Reviews) -> None:
        self.root = root
        self.files = VerdictFiles(root)
        self.archive = archive
        self.reviews = reviews

    @property
    @abstractmethod
    def contract_version(self) -> str:
        """The contract that verdicts are made by; verdicts of another one do not count."""

    @abstractmethod
    def is_ours(self, folder: str) -> bool:
        """Whether a folder of the archive is for this kind of document."""

    @abstractmethod
    def folder_of(self, document: Any) -> str:
        """The folder of a document by its value in the column `document_column`."""

    @abstractmethod
    def read(self, content: bytes) -> DocumentTable[Row]:
        """The rows of a document. Raises DocumentError."""

    @abstractmethod
    def contract(self, table: DocumentTable[Row], version: Version) -> Contracted:
        """Split a document into the rows that meet the contract and the reasons of the others."""

    def counted(self, version: Version) -> int | None:
        """How many rows the source says the document has; None where it does not say."""
        return None

    def misplaced(self, version: Version, table: DocumentTable[Row]) -> str | None:
        """Why the document may not be that of its folder; None where nothing speaks for it."""
        return None

    def folders(self) -> list[str]:
        """The folders of the archive that hold such a document, or cannot be read."""
        ours = filter(self.is_ours, self.archive.folders())
        return [folder for folder in ours if self._versions(folder) != []]

    def judge(
        self,
        folder: str,
        known_tables: Mapping[str, DocumentTable[Row]] = MappingProxyType({}),
        last: Version | None = None,
    ) -> DocumentState:
        """Bring a folder up to date with the archive, oldest version first.

        `known_tables` saves reading again what a fetch has just read: {version: table}. `last` ends
        it at that version.
        """
        current: Verdict | None = None
        latest: Verdict | None = None
        judged_now = False
        for version in self._up_to(folder, last):
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
        """Judge every version that has no verdict yet, oldest first; what failed, by folder.

        What is damaged in the store is put aside before.
        """
        failed: dict[str, FilingsError] = {}
        for folder in filter(self.is_ours, self.files.folders()):
            self.files.set_aside_damaged(folder)
        for folder in self.folders():
            try:
                self.archive.versions(folder, self.role)
            except FilingsError as error:
                failed[folder] = self.located(error, folder)
        not_judged = self._not_judged()
        for version in not_judged:
            # A verdict that follows one made now compares with what was in use before it.
            self.files.forget(version.folder, version.version)
        for version in not_judged:
            if version.folder in failed:
                continue
            try:
                self.judge(version.folder, last=version)
            except FilingsError as error:
                failed[version.folder] = self.located(error, version.folder)
        return failed

    def in_use_at(self, folder: str, moment: datetime) -> Verdict | None:
        """The version that was in use in a folder before a moment; None where there was none, or
        where the archive cannot say."""
        versions = self._versions(folder) or []
        before = [version for version in versions if version.seen_at < moment]
        found = (self.verdict(folder, version.version) for version in reversed(before))
        return next((item for item in found if item and item.status == "accepted"), None)

    def located(self, error: FilingsError, folder: str) -> FilingsError:
        """The error with the place that this kind of document is known by."""
        return error

    def verdict(self, folder: str, version: str) -> Verdict | None:
        """The verdict of this contract on a version, or None where it must be judged.

        A review made since may release what was held back, so that verdict counts no longer.
        """
        verdict = self.files.read(folder, version)
        if verdict is None or verdict.contract_version != self.contract_version:
            return None
        is_reviewed_since = (
            verdict.reviewed_rows != self.reviews.rows.get(folder)
            or verdict.document_sha256 in self.reviews.documents
        )
        return None if verdict.status == "held_back" and is_reviewed_since else verdict

    def verdicts(self, folder: str) -> list[Verdict]:
        """The verdicts on all versions in a folder, oldest first; none where its archive cannot be
        read."""
        versions = self._versions(folder) or []
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
            for number, version in enumerate(self._versions(folder) or [], start=1):
                verdict = self.verdict(folder, version.version)
                if verdict:
                    yield number, version, verdict, verdict == current

    def rows(self, verdict: Verdict) -> pl.DataFrame:
        """The accepted rows of a version."""
        return pl.read_parquet(self.files.rows_path(verdict.folder, verdict.version), glob=False)

    def quarantine(self, verdict: Verdict) -> pl.DataFrame:
        """The failed checks of a version."""
        path = self.files.quarantine_path(verdict.folder, verdict.version)
        return pl.read_parquet(path, glob=False)

    def version_names(self) -> dict[str, list[str]]:
        """The versions that dbt is told of, by folder."""
        table = read_table(self._table_path(self.tables[0]))
        names: dict[str, list[str]] = {}
        for row in [] if table is None else table.to_dicts():
            folder = self.folder_of(row[self.document_column])
            names.setdefault(folder, []).append(row[self.version_column])
        return names

    def kept_folders(self) -> frozenset[str]:
        """The folders that cannot be judged now, and of which the store has all that was in use."""
        unjudged = {folder for folder in self.folders() if self._is_unjudged(folder)}
        versions, *others = (read_table(self._table_path(name)) for name in self.tables)
        named = {self.document_column, self.version_column, "status"}
        if not unjudged or versions is None or not named.issubset(versions.columns):
            return frozenset()
        if any(table is None for table in others):
            return frozenset()
        paths: dict[str, list[Path]] = {}
        for row in versions.filter(status="accepted").to_dicts():
            folder = self.folder_of(row[self.document_column])
            path = self.files.rows_path(folder, row[self.version_column])
            paths.setdefault(folder, []).append(path)
        # Damaged files have been put aside.
        return frozenset(
            folder for folder in unjudged & set(paths) if all(map(Path.exists, paths[folder]))
        )

    def write_table(self, name: str, table: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Write a table of the whole store, `<name>.parquet`, if it has changed, and return it.

        The rows of the folders in `kept` stay as they are there.
        """
        path = self._table_path(name)
        before = read_table(path) if kept else None
        if before is not None:
            folder = pl.col(self.document_column).map_elements(
                self.folder_of, return_dtype=pl.String
            )
            is_kept = folder.is_in(list(kept))
            parts = [table.filter(~is_kept), before.filter(is_kept)]
            table = pl.concat(parts, how="diagonal_relaxed").select(table.columns)
            table = table.sort(folder, maintain_order=True)
        write_table(path, table)
        return table

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
            return self.files.write(verdict, None, None)
        contracted = self.contract(table, version)
        reviewed = self.reviews.rows.get(folder)
        before = self.rows(current) if current else contracted.accepted.clear()
        added, amended, gone = self._difference(before, contracted.accepted)
        counts = Counts(
            len(table.rows),
            contracted.quarantined_rows,
            table.highest_position,
            self.counted(version),
            gone,
            amended,
        )
        doubt = None
        if version.sha256 not in self.reviews.documents:
            misplaced = self.misplaced(version, table)
            doubt = find_doubt(counts, current, reviewed, self.standards, version.sha256, misplaced)
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
        accepted = None if doubt else contracted.accepted
        return self.files.write(verdict, accepted, contracted.quarantine)

    def _up_to(self, folder: str, last: Version | None) -> Iterator[Version]:
        for version in self.archive.versions(folder, self.role):
            yield version
            if last and version.version == last.version:
                return

    def _not_judged(self) -> list[Version]:
        """Of each folder the first version without a verdict and all after it; oldest first."""
        versions: list[Version] = []
        for folder in self.folders():
            judged = partial(self._is_judged, folder)
            versions += dropwhile(judged, self._versions(folder) or [])
        return sorted(versions, key=lambda version: version.seen_at)

    def _is_judged(self, folder: str, version: Version) -> bool:
        return self.verdict(folder, version.version) is not None

    def _difference(self, before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
        """How many filings were added, amended and gone."""
        old, new = (_squeezed(frame.drop(*self.uncompared)) for frame in (before, after))
        added = new.join(old, on="filing_number", how="anti").height
        gone = old.join(new, on="filing_number", how="anti").height
        same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
        return added, new.height - added - same, gone

    def accepted(self, folder: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts(folder) if verdict.status == "accepted"]

    def _versions(self, folder: str) -> list[Version] | None:
        """The versions in a folder, None where its archive cannot be read."""
        try:
            return self.archive.versions(folder, self.role)
        except ArchiveError:
            return None

    def _is_unjudged(self, folder: str) -> bool:
        """Whether a folder of the archive cannot be read, or has a version without a verdict."""
        versions = self._versions(folder)
        return versions is None or len(self.verdicts(folder)) < len(versions)

    def _table_path(self, name: str) -> Path:
        return self.root / f"{name}.parquet"


def _squeezed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without what nobody sees in their texts, which is no change either."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))
