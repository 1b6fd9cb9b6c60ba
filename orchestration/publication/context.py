"""The input of all document writers: the unpublished release and its origin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publication.state import State, read_state
from orchestration.warehouse.marts import DATABASE, Mart


@dataclass(frozen=True)
class ReleaseContext:
    """An unpublished release: its folder, its tables and its origin. Document writers add files.

    Nothing here depends on the time of publication: the same archive and program give the same
    documents, byte for byte.
    """

    folder: Path
    marts: Sequence[Mart]
    rows: Mapping[str, int]
    content_sha256: str
    code_version: str
    source: str

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the database of the release."""
        return duckdb.connect(str(self.folder / DATABASE), read_only=True)

    def state(self) -> State:
        """The state of the registers: `lists to August 2026, notices to July 2026`."""
        with self.connect() as connection:
            return read_state(connection, self.marts)

    def as_of(self) -> datetime:
        """When the archive last received something new, in UTC, in whole seconds.

        It is a footnote (see `fetched_text`): what readers call "as of" is `state`.
        """
        with self.connect() as connection:
            seen: datetime
            ((seen,),) = connection.execute(
                "select greatest((select max(retrieved_at) from batches), "
                "(select max(seen_at) from filing_events))"
            ).fetchall()
        return seen.replace(microsecond=0)


DocumentWriter = Callable[[ReleaseContext], None]
"""Writes one or more files into the folder of the release."""
