"""The latest release, opened for reading."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.cli.query.statements import reading_statement
from orchestration.publication.latest import latest_release
from orchestration.warehouse.marts import DATABASE
from scrapers.errors import FilingsError

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Answer:
    """The result of a query: column names, column types, and an iterator over the rows."""

    names: Sequence[str]
    kinds: Sequence[str]
    rows: Iterator[tuple[object, ...]]


@dataclass(frozen=True)
class OpenRelease:
    """The name of a release, and a read-only connection to its database."""

    name: str
    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str) -> Answer:
        """Run one query. Raises FilingsError for statements that do more than read."""
        result = self.connection.execute(reading_statement(self.connection, sql))
        columns = result.description or ()
        return Answer(
            [column[0] for column in columns],
            [str(column[1]) for column in columns],
            _rows(result),
        )


@contextmanager
def latest_opened(published: Path) -> Iterator[OpenRelease]:
    """Open the latest release for reading.

    Raises FilingsError if there is none, and for every error of DuckDB inside the block.
    """
    latest = latest_release(published)
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    try:
        with duckdb.connect(str(latest / DATABASE), read_only=True) as connection:
            # Otherwise a query on a remote file would download and install an extension.
            connection.execute("set autoinstall_known_extensions = false")
            yield OpenRelease(latest.name, connection)
    except duckdb.Error as error:
        raise FilingsError(str(error)) from error


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while rows := result.fetchmany(_ROWS_AT_ONCE):
        yield from rows
