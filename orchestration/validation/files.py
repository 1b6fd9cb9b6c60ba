"""The files of the validated store, and the hashes that protect them.

A validation result records the sha256 of its rows, of its quarantine and of itself. A version with
a missing, torn or altered file counts as not validated and is rebuilt from the archive. The damaged
file is kept as `*.damaged`. A file that has not changed since it was last hashed is not read again
(see `file_hashes`).
"""

import hashlib
import io
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.runtime.file_hashes import FileHashes, sha256_of
from orchestration.validation.results import ValidationResult
from scrapers.files import json_bytes, write_bytes, write_json
from scrapers.stamps import Stamp, stamp_of

# The field of a result file that holds the hash of all other fields.
SELF_HASH = "sha256"
QUARANTINE_FOLDER = "quarantine"

_log = logging.getLogger(__name__)


class ResultFiles:
    """Reads and writes validation results and their rows below `root` (`data/validated/`)."""

    def __init__(self, root: Path, *, trusts_record: bool = True) -> None:
        self.root = root
        self.hashes = FileHashes(root, trusts_record=trusts_record)
        self._results: dict[str, tuple[Stamp, _ResultFile]] = {}

    def folders(self, parent: str | None = None) -> list[str]:
        """The folders that hold a result or rows. With `parent`, only those directly in it."""
        found = set()
        for folder, below, names in os.walk(self.root / (parent or "")):
            name = Path(folder).relative_to(self.root).as_posix()
            if any(name.endswith((".parquet", ".json")) for name in names):
                found.add(name.removesuffix(f"/{QUARANTINE_FOLDER}"))
            if parent is not None and name != (parent or "."):
                # The folders of other registers are not their business.
                below[:] = [item for item in below if item == QUARANTINE_FOLDER]
        return sorted(found - {"."})

    def read(self, folder: str, version: str) -> ValidationResult | None:
        """Return the result of a version under any version of the contract.

        None if there is no result, or if the result or one of its files is damaged.
        """
        result = self._result_file(self.result_path(folder, version)).result
        if result is None:
            return None
        is_whole = all(self.hashes.of(path) == sha256 for path, sha256 in self.files(result))
        return result if is_whole else None

    def write(
        self,
        result: ValidationResult,
        accepted: pl.DataFrame | None,
        quarantine: pl.DataFrame | None,
    ) -> ValidationResult:
        """Write a result and its rows. Return the result with the hashes of its files."""
        rows = self.rows_path(result.folder, result.version)
        quarantined = self.quarantine_path(result.folder, result.version)
        result = replace(
            result,
            rows_sha256=self._write(rows, accepted),
            quarantine_sha256=self._write(quarantined, quarantine),
        )
        fields = asdict(result)
        # The result is written last: a version without one counts as not validated.
        path = self.result_path(result.folder, result.version)
        write_json(path, {**fields, SELF_HASH: _self_hash(fields)})
        self._results.pop(str(path), None)
        return result

    def forget(self, folder: str, version: str) -> None:
        """Remove the result of a version, so that it counts as not validated. Its rows stay."""
        self.result_path(folder, version).unlink(missing_ok=True)

    def files(self, result: ValidationResult) -> Iterator[tuple[Path, str]]:
        """The files whose hashes a result records, each with its sha256."""
        if result.rows_sha256:
            yield self.rows_path(result.folder, result.version), result.rows_sha256
        if result.quarantine_sha256:
            yield self.quarantine_path(result.folder, result.version), result.quarantine_sha256

    def set_aside_damaged(self, folder: str) -> None:
        """Rename the torn or altered files of a folder, so that no reader opens them."""
        for path in filter(Path.exists, self.damaged(folder)):
            set_aside(path)

    def damaged(self, folder: str) -> list[Path]:
        """The files of a folder that are torn or altered, or recorded by a result but missing."""
        files = self._files_in(folder)
        results = sorted(path for path in files if path.suffix == ".json")
        read = {path: self._result_file(path) for path in results}
        stated = dict(
            pair for file in read.values() if file.result for pair in self.files(file.result)
        )
        # Files that no result records were written by an earlier version of this program.
        others = {path for path in files if path.suffix == ".parquet"} - set(stated)
        return [
            *(path for path in results if read[path].is_damaged),
            *(path for path, sha256 in stated.items() if self.hashes.of(path) != sha256),
            *sorted(path for path in others if read_table(path) is None),
        ]

    def result_path(self, folder: str, version: str) -> Path:
        return self.root / folder / f"{version}.json"

    def rows_path(self, folder: str, version: str) -> Path:
        return self.root / folder / f"{version}.parquet"

    def quarantine_path(self, folder: str, version: str) -> Path:
        return self.root / folder / QUARANTINE_FOLDER / f"{version}.parquet"

    def _files_in(self, folder: str) -> list[Path]:
        """The files of a folder and of its quarantine."""
        found = []
        for below in (self.root / folder, self.root / folder / QUARANTINE_FOLDER):
            with suppress(FileNotFoundError), os.scandir(below) as entries:
                found += [below / entry.name for entry in entries]
        return found

    def _result_file(self, path: Path) -> "_ResultFile":
        """What a result file holds. It is read again if it has changed."""
        try:
            stamp = stamp_of(path)
        except OSError:
            return _ResultFile(None, is_damaged=path.exists())
        known = self._results.get(str(path))
        if known is None or known[0] != stamp:
            known = self._results[str(path)] = stamp, _read_result(path)
        return known[1]

    def _write(self, path: Path, table: pl.DataFrame | None) -> str | None:
        """Write a table and return the sha256 of the file. For None, remove the file."""
        if table is None:
            path.unlink(missing_ok=True)
            return None
        content = _parquet(table)
        write_bytes(path, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self.hashes.written(path, sha256)
        return sha256


@dataclass(frozen=True)
class _ResultFile:
    """The result in a file, or None if it is not as it was written.

    A result without a hash of itself was written by an earlier version and is not damaged.
    """

    result: ValidationResult | None
    is_damaged: bool


def _read_result(path: Path) -> _ResultFile:
    try:
        fields, self_hash = _read_fields(path)
        if self_hash != _self_hash(fields):
            return _ResultFile(None, is_damaged=self_hash is not None)
        return _ResultFile(ValidationResult(**fields), is_damaged=False)
    except TypeError:
        # A later version of this program has other fields.
        return _ResultFile(None, is_damaged=False)
    except (OSError, ValueError):
        return _ResultFile(None, is_damaged=True)


def read_table(path: Path) -> pl.DataFrame | None:
    """Return the table in a Parquet file. None if the file is missing or cannot be read.

    The path is taken literally, even if it contains glob characters such as [ ].
    """
    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None


def write_table(path: Path, table: pl.DataFrame) -> str:
    """Write a table if the file differs from it, and return the sha256 of the file.

    An unreadable file is set aside first.
    """
    content = _parquet(table)
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256_of(path) == sha256:
        return sha256
    if path.exists() and read_table(path) is None:
        set_aside(path)
    write_bytes(path, content)
    return sha256


def set_aside(path: Path) -> None:
    """Rename a damaged file to `*.damaged`, so that it is rebuilt."""
    damaged = path.with_name(f"{path.name}.damaged")
    path.replace(damaged)
    _log.warning("%s is damaged. It will be rebuilt; the old file is kept as %s", path, damaged)


def _parquet(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def _read_fields(path: Path) -> tuple[dict[str, Any], object]:
    """The fields of a result file and its hash of itself. Raises OSError or ValueError."""
    try:
        fields = json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(fields, dict):
        # Callers treat it like any other content that is not a result.
        raise ValueError("not an object")  # noqa: TRY004
    return fields, fields.pop(SELF_HASH, None)


def _self_hash(fields: dict[str, object]) -> str:
    return hashlib.sha256(json_bytes(fields)).hexdigest()
