"""The filings of a release without a reading of their present texts."""

from pathlib import Path

import duckdb

from orchestration.runtime.counts import counted
from orchestration.runtime.globs import exactly


def unread_filings(connection: duckdb.DuckDBPyConnection, release: Path) -> int:
    """How many filings have no reading, or were amended since.

    0 if the release has no such column: earlier program versions had no readings.
    """
    path = release / "parquet" / "filings.parquet"
    if not path.exists():
        return 0
    filings = connection.read_parquet(exactly(path))
    if "review_status" not in filings.columns:
        return 0
    return len(filings.filter("review_status <> 'reviewed'"))


def unread_text(count: int) -> str:
    """The count with what to do, such as "2 filings have no reading …"."""
    have = counted(count, "filing has", "filings have")
    were = "was" if count == 1 else "were"
    return f"{have} no reading, or {were} amended since: `filings review --list` lists them"
