"""The validated store, `data/validated/`: what dbt reads, and the reasons for what it does not.

    <batch>/<list version>.parquet             rows that met the contract (accepted versions only)
    <batch>/quarantine/<list version>.parquet  rows that did not, one a failed check
    <batch>/<list version>.json                the verdict on the version
    list_versions.parquet                      every version of every list, with its verdict

All of it is a function of the raw archive and the contract: it may be deleted, and the next run
writes it again. A version is judged once; a new CONTRACT_VERSION judges all of them anew.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import polars as pl

from orchestration.contracts import CONTRACT_VERSION, apply_contract
from orchestration.doubts import find_doubt
from orchestration.list_versions import LIST_VERSION_COLUMNS, list_version_row
from orchestration.verdicts import BatchState, Verdict
from scrapers.archive import Archive, Version
from scrapers.documents import ListTable, read_list
from scrapers.errors import DocumentError, FilingsError, located
from scrapers.files import temporary_name, write_json
from scrapers.lists import batch_key

LIST_VERSIONS = "list_versions.parquet"


class ValidatedStore:
    """Judge the archive's versions and keep what they hold; `root` is `data/validated/`.

    `reviewed` are the row counts that a person has checked row by row: {batch_no: rows}.
    """

    def __init__(self, root: Path, archive: Archive, reviewed: Mapping[int, int]) -> None:
        self.root = root
        self.archive = archive
        self.reviewed = reviewed
        self._numbers = cache(self._read_numbers)

    def judge(self, batch_no: int, known_tables: Mapping[str, ListTable]) -> BatchState:
        """Bring a batch up to date with the archive, oldest version first.

        `known_tables` saves reading again what a fetch has just read: {list_version: table}.
        """
        current: Verdict | None = None
        latest: Verdict | None = None
        judged_now = False
        for version in self.archive.versions(batch_key(batch_no), "list"):
            latest = self.verdict(batch_no, version.version)
            judged_now = latest is None
            if latest is None:
                latest = self._judge_version(batch_no, version, current, known_tables)
            if latest.status == "accepted":
                current = latest
        if latest is None:
            raise LookupError(f"no list of batch {batch_no} in the archive")
        return BatchState(latest, current, judged_now)

    def judge_archived(self) -> dict[int, FilingsError]:
        """Judge every version that has no verdict yet, in the order of retrieval; what failed.

        The order matters where two batches list one number: whoever had it first keeps it, and a
        store that was deleted comes out the same.
        """
        failed: dict[int, FilingsError] = {}
        waiting = [
            (version.version, batch_no, version)
            for batch_no in self.archive.batch_nos()
            for version in self.archive.versions(batch_key(batch_no), "list")
            if self.verdict(batch_no, version.version) is None
        ]
        for name, batch_no, version in sorted(waiting, key=lambda item: item[:2]):
            if batch_no in failed:
                continue
            accepted = [item for item in self._accepted(batch_no) if item.list_version < name]
            try:
                with located(batch_no=batch_no):
                    self._judge_version(batch_no, version, accepted[-1] if accepted else None, {})
            except FilingsError as error:
                failed[batch_no] = error
        return failed

    def verdict(self, batch_no: int, list_version: str) -> Verdict | None:
        """The verdict of this contract on a version, or None where it must be judged.

        A review made since may release what was held back, so that verdict counts no longer.
        """
        path = self._path(batch_no, list_version, "json")
        try:
            verdict = Verdict(**json.loads(path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None  # not judged, torn by a power cut, or written by another program version
        if verdict.contract_version != CONTRACT_VERSION:
            return None
        if verdict.status == "held_back" and verdict.reviewed_rows != self.reviewed.get(batch_no):
            return None
        return verdict

    def verdicts(self, batch_no: int) -> list[Verdict]:
        """The verdicts on all versions of a batch, oldest first."""
        versions = self.archive.versions(batch_key(batch_no), "list")
        found = (self.verdict(batch_no, version.version) for version in versions)
        return [verdict for verdict in found if verdict is not None]

    def current(self, batch_no: int) -> Verdict | None:
        """The latest accepted version of a batch."""
        accepted = self._accepted(batch_no)
        return accepted[-1] if accepted else None

    def rows(self, verdict: Verdict) -> pl.DataFrame:
        """The accepted rows of a version (ACCEPTED_COLUMNS)."""
        return pl.read_parquet(self._path(verdict.batch_no, verdict.list_version, "parquet"))

    def quarantine(self, verdict: Verdict) -> pl.DataFrame:
        """The failed checks of a version (QUARANTINE_COLUMNS)."""
        return pl.read_parquet(self._quarantine_path(verdict.batch_no, verdict.list_version))

    def write_list_versions(self) -> pl.DataFrame:
        """Write the table of all versions, if it has changed, and return it."""
        table = pl.DataFrame(list(self._list_version_rows()), schema=LIST_VERSION_COLUMNS)
        path = self.root / LIST_VERSIONS
        if not path.exists() or not pl.read_parquet(path).equals(table):
            _write_parquet(path, table)
        return table

    def _judge_version(
        self,
        batch_no: int,
        version: Version,
        current: Verdict | None,
        known_tables: Mapping[str, ListTable],
    ) -> Verdict:
        try:
            table = known_tables.get(version.version) or read_list(self.archive.read(version))
        except DocumentError as error:
            verdict = Verdict(
                batch_no,
                version.version,
                CONTRACT_VERSION,
                "unreadable",
                error.found,
                error.remedy,
            )
            write_json(self._path(batch_no, version.version, "json"), asdict(verdict))
            return verdict
        contracted = apply_contract(
            table,
            batch_no=batch_no,
            list_version=version.version,
            document_sha256=version.sha256,
            known_numbers=self._numbers_elsewhere(batch_no, version.version),
        )
        reviewed = self.reviewed.get(batch_no)
        doubt = find_doubt(len(table.rows), contracted.quarantined_rows, current, reviewed)
        before = self.rows(current) if current else contracted.accepted.clear()
        added, amended, gone = _difference(before, contracted.accepted)
        verdict = Verdict(
            batch_no,
            version.version,
            CONTRACT_VERSION,
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
        # The verdict goes last: without it the version counts as not judged and is judged again.
        _write_parquet(self._quarantine_path(batch_no, version.version), contracted.quarantine)
        if not doubt:
            _write_parquet(self._path(batch_no, version.version, "parquet"), contracted.accepted)
        write_json(self._path(batch_no, version.version, "json"), asdict(verdict))
        return verdict

    def _accepted(self, batch_no: int) -> list[Verdict]:
        return [verdict for verdict in self.verdicts(batch_no) if verdict.status == "accepted"]

    def _numbers_elsewhere(self, batch_no: int, list_version: str) -> set[str]:
        """The numbers that the other batches held when this version was retrieved."""
        numbers: set[str] = set()
        for other in self.archive.batch_nos():
            if other != batch_no:
                earlier = [
                    item for item in self._accepted(other) if item.list_version < list_version
                ]
                numbers |= self._numbers(earlier[-1]) if earlier else set()
        return numbers

    def _read_numbers(self, verdict: Verdict) -> frozenset[str]:
        return frozenset(self.rows(verdict)["filing_number"])

    def _list_version_rows(self) -> Iterator[dict[str, object]]:
        for batch_no in self.archive.batch_nos():
            current = self.current(batch_no)
            versions = self.archive.versions(batch_key(batch_no), "list")
            for number, version in enumerate(versions, start=1):
                verdict = self.verdict(batch_no, version.version)
                if verdict:
                    yield list_version_row(number, version, verdict, is_current=verdict == current)

    def _path(self, batch_no: int, list_version: str, suffix: str) -> Path:
        return self.root / batch_key(batch_no) / f"{list_version}.{suffix}"

    def _quarantine_path(self, batch_no: int, list_version: str) -> Path:
        return self.root / batch_key(batch_no) / "quarantine" / f"{list_version}.parquet"


def _difference(before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, int, int]:
    """How many filings were added, amended and gone; where a row stands does not matter."""
    place = ["list_version", "row_no", "list_position"]
    old, new = before.drop(place), after.drop(place)
    added = new.join(old, on="filing_number", how="anti").height
    gone = old.join(new, on="filing_number", how="anti").height
    same = new.join(old, on=new.columns, how="semi", nulls_equal=True).height
    return added, new.height - added - same, gone


def _write_parquet(path: Path, frame: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = temporary_name(path)
    frame.write_parquet(part)
    part.replace(path)
