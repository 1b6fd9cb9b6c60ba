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
    """The count and what lists the filings, such as "1 filing, new or amended: …"."""
    filings = counted(count, "filing", "filings")
    return (
        f"{filings}, new or amended: `filings review --list` lists {'it' if count == 1 else 'them'}"
    )
