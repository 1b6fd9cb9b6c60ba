"""What is in quarantine of the documents in use: the lists' rows, the notices' records."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.stores.globs import exactly
from orchestration.validation.lists import LIST_VERSIONS
from orchestration.validation.notices import QUARANTINE
from scrapers.registers.lists import batch_key

_CHECK = "column_name, check_name, failure_value from read_parquet(?)"


@dataclass(frozen=True)
class FailedCheck:
    """A check that a row failed; `document` is a batch's key or a notice's id, and `path` the file
    that holds the whole quarantine of that document."""

    document: str
    row_no: int
    column: str
    check: str
    value: str | None
    path: Path


def failed_checks(connection: duckdb.DuckDBPyConnection, validated: Path) -> list[FailedCheck]:
    """All of them, by batch and row, the notices' last; `validated` is `data/validated/`."""
    found = []
    for path in _quarantines(connection, validated / f"{LIST_VERSIONS}.parquet"):
        sql = f"select batch_no, row_no, {_CHECK} order by row_no"
        rows = connection.execute(sql, [exactly(path)]).fetchall()
        found += [FailedCheck(batch_key(batch_no), *rest, path) for batch_no, *rest in rows]
    of_notices = validated / f"{QUARANTINE}.parquet"
    if of_notices.exists():
        sql = f"select notice_id, record_no, {_CHECK}"
        rows = connection.execute(sql, [exactly(of_notices)]).fetchall()
        found += [FailedCheck(*row, of_notices) for row in rows]
    return found


def _quarantines(connection: duckdb.DuckDBPyConnection, versions: Path) -> list[Path]:
    """The files of the versions in use that have something in quarantine, by batch."""
    if not versions.exists():
        return []
    rows = connection.execute(
        "select batch_no, list_version from read_parquet(?) "
        "where is_current and rows_quarantined > 0 order by batch_no",
        [exactly(versions)],
    ).fetchall()
    paths = [
        versions.parent / batch_key(batch_no) / "quarantine" / f"{version}.parquet"
        for batch_no, version in rows
    ]
    return [path for path in paths if path.exists()]
