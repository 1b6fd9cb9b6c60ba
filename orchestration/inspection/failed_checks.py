"""The quarantine of the documents in use."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.runtime.globs import exactly
from orchestration.runtime.rows import named_rows
from orchestration.validation.contracts.base import Contract
from orchestration.validation.files import ResultFiles
from scrapers.registers.base import Register


@dataclass(frozen=True)
class FailedCheck:
    """A check that a row failed.

    `document` is the document's key, and `path` the file with the whole quarantine of the document.
    """

    document: str
    row_no: int
    column: str
    check: str
    value: str | None
    path: Path


def failed_checks(
    connection: duckdb.DuckDBPyConnection,
    validated: Path,
    register: Register,
    contract: Contract,
) -> list[FailedCheck]:
    """The failed checks of a register's documents in use, sorted by document and row.

    `validated` is `data/validated/`.
    """
    place = contract.place
    versions = validated / f"{contract.tables.versions}.parquet"
    if not versions.exists():
        return []
    in_use = connection.execute(
        f"select {place.document} as document, {place.version} as version from read_parquet(?) "
        f"where is_current and {place.counts}_quarantined > 0 order by document",
        [exactly(versions)],
    )
    found = []
    for current in named_rows(in_use):
        key = register.key_of_value(current["document"])
        path = ResultFiles(validated).quarantine_path(register.folder(key), current["version"])
        if path.exists():
            failed = connection.execute(
                f'select {place.row} as row_no, column_name as "column", check_name as "check", '
                "failure_value as value from read_parquet(?) order by row_no",
                [exactly(path)],
            )
            found += [FailedCheck(key, path=path, **row) for row in named_rows(failed)]
    return found
