"""The files of the validated store, which vouch for one another.

A result holds the sha256 of its rows and of its quarantine, and one of itself. What is missing,
torn or altered counts as not validated, and is made again from the archive; the damaged file is
kept as `*.damaged`.
"""

import hashlib
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl

from orchestration.validation.results import ValidationResult
from scrapers.files import json_bytes, write_bytes, write_json

SEAL = "sha256"
QUARANTINE_FOLDER = "quarantine"

_log = logging.getLogger(__name__)


class ResultFiles:
    """Read and write results with their rows below `root`, `data/validated/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folders(self) -> list[str]:
        """The folders that have a result or rows."""
        found = {path.parent for path in self.root.rglob("*.parquet")}
        found |= {path.parent for path in self.root.rglob("*.json")}
        names = (path.relative_to(self.root).as_posix() for path in found)
        return sorted({name.removesuffix(f"/{QUARANTINE_FOLDER}") for name in names} - {"."})

    def read(self, folder: str, version: str) -> ValidationResult | None:
        """The result of a version under any contract; None where there is none, or where it
        or one of its files is not what was written.
        """
        result = read_result(self.result_path(folder, version))
        if result is None:
            return None
        is_whole = all(sha256_of(path) == sha256 for path, sha256 in self.files(result))
        return result if is_whole else None

    def write(
        self,
        result: ValidationResult,
        accepted: pl.DataFrame | None,
        quarantine: pl.DataFrame | None,
    ) -> ValidationResult:
        """Write a result and its rows; the result with the hashes of its files."""
        rows = self.rows_path(result.folder, result.version)
        quarantined = self.quarantine_path(result.folder, result.version)
        result = replace(
            result,
            rows_sha256=_write(rows, accepted),
            quarantine_sha256=_write(quarantined, quarantine),
        )
        fields = asdict(result)
        # The result comes last: a version without one counts as not validated.
        path = self.result_path(result.folder, result.version)
        write_json(path, {**fields, SEAL: _seal(fields)})
        return result

    def forget(self, folder: str, version: str) -> None:
        """Remove the result on a version, which counts as not validated then; its rows stay."""
        self.result_path(folder, version).unlink(missing_ok=True)

    def files(self, result: ValidationResult) -> Iterator[tuple[Path, str]]:
        """The files that a result vouches for, each with its sha256."""
        if result.rows_sha256:
            yield self.rows_path(result.folder, result.version), result.rows_sha256
        if result.quarantine_sha256:
            yield self.quarantine_path(result.folder, result.version), result.quarantine_sha256

    def set_aside_damaged(self, folder: str) -> None:
        """Put aside what is torn or altered in a folder, so that no reader meets it."""
        for path in filter(Path.exists, self.damaged(folder)):
            set_aside(path)

    def damaged(self, folder: str) -> list[Path]:
        """The files in a folder that are torn, altered, or gone although a result names them."""
        results = sorted((self.root / folder).glob("*.json"))
        stated = dict(
            pair for result in map(read_result, results) if result for pair in self.files(result)
        )
        # What no result names is an earlier program's.
        others = set(self._parquet_files(folder)) - set(stated)
        return [
            *filter(is_damaged, results),
            *(path for path, sha256 in stated.items() if sha256_of(path) != sha256),
            *sorted(path for path in others if read_table(path) is None),
        ]

    def result_path(self, folder: str, version: str) -> Path:
        return self.root / folder / f"{version}.json"

    def rows_path(self, folder: str, version: str) -> Path:
        return self.root / folder / f"{version}.parquet"

    def quarantine_path(self, folder: str, version: str) -> Path:
        return self.root / folder / QUARANTINE_FOLDER / f"{version}.parquet"

    def _parquet_files(self, folder: str) -> Iterator[Path]:
        for below in (self.root / folder, self.root / folder / QUARANTINE_FOLDER):
            yield from below.glob("*.parquet")


def read_result(path: Path) -> ValidationResult | None:
    """The result in a file; None where there is none, or not as this program wrote it."""
    try:
        fields, seal = _read_fields(path)
        return ValidationResult(**fields) if seal == _seal(fields) else None
    except (OSError, ValueError, TypeError):
        return None


def is_damaged(path: Path) -> bool:
    """Whether the file of a result is torn or altered. An earlier program wrote no seal."""
    try:
        fields, seal = _read_fields(path)
    except (OSError, ValueError):
        return True
    return seal is not None and seal != _seal(fields)


def read_table(path: Path) -> pl.DataFrame | None:
    """The table in a file; None where there is none, or it cannot be read.

    By its name, also where that holds what would be a pattern of names, such as [ ].
    """
    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a table unless the file holds just that. One that cannot be read is put aside."""
    content = _parquet(table)
    if sha256_of(path) == hashlib.sha256(content).hexdigest():
        return
    if path.exists() and read_table(path) is None:
        set_aside(path)
    write_bytes(path, content)


def set_aside(path: Path) -> None:
    """Rename a damaged file, so that it is made again."""
    damaged = path.with_name(f"{path.name}.damaged")
    path.replace(damaged)
    _log.warning("%s is damaged: it is made again, and kept as %s", path, damaged.name)


def sha256_of(path: Path) -> str | None:
    """The sha256 of a file, None where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _write(path: Path, table: pl.DataFrame | None) -> str | None:
    """Write a table, or remove the one that was there; the sha256 of the file."""
    if table is None:
        path.unlink(missing_ok=True)
        return None
    content = _parquet(table)
    write_bytes(path, content)
    return hashlib.sha256(content).hexdigest()


def _parquet(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def _read_fields(path: Path) -> tuple[dict[str, object], object]:
    """What a result says, and the hash that seals it. Raises OSError or ValueError."""
    try:
        fields = json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(fields, dict):
        raise ValueError("not an object")
    return fields, fields.pop(SEAL, None)


def _seal(fields: dict[str, object]) -> str:
    return hashlib.sha256(json_bytes(fields)).hexdigest()
