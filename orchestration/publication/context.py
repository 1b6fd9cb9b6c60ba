"""What the documents of a release are made from, and the facts of its origin they state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.warehouse.marts import DATABASE, Mart


@dataclass(frozen=True)
class ReleaseContext:
    """An unpublished release: its folder and tables, to which document writers add files.

    Nothing here depends on when the release is made: the same archive and program give the same
    documents, byte for byte.
    """

    folder: Path
    marts: Sequence[Mart]
    rows: Mapping[str, int]
    content_sha256: str
    code_version: str
    source: str

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The release's database, read-only."""
        return duckdb.connect(str(self.folder / DATABASE), read_only=True)

    def as_of(self) -> datetime:
        """When the archive last saw something new, in UTC, whole seconds."""
        with self.connect() as connection:
            (seen,) = connection.execute(
                "select greatest((select max(retrieved_at) from batches), "
                "(select max(seen_at) from filing_events))"
            ).fetchone()
        return seen.replace(microsecond=0)


DocumentWriter = Callable[[ReleaseContext], None]
"""Writes one or more files into the folder of a release."""
