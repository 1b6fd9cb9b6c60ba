"""The filings of a release without a reading of their present texts."""

from pathlib import Path

import duckdb

from orchestration.runtime.counts import counted
from orchestration.runtime.globs import exactly


def unread_filings(connection: duckdb.DuckDBPyConnection, release: Path) -> int:
    """How many filings have no reading, or were amended since.

    0 if the release does not show it: earlier program versions had no readings, and damaged files
    are what `filings check` is for.
    """
    try:
        filings = connection.read_parquet(exactly(release / "parquet" / "filings.parquet"))
        if "review_status" not in filings.columns:
            return 0
        return len(filings.filter("review_status <> 'reviewed'"))
    except duckdb.Error:
        return 0


def unread_text(count: int) -> str:
    """The count and what lists the filings, such as "1 filing, new or amended: …"."""
    filings = counted(count, "filing", "filings")
    return (
        f"{filings}, new or amended: `filings review --list` lists {'it' if count == 1 else 'them'}"
    )
