"""The latest release, opened for reading. Rows are fetched in chunks, so memory stays constant."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from orchestration.cli.query.documented import find_table
from orchestration.cli.query.statements import reading_statement
from orchestration.publication.latest import latest_release
from orchestration.runtime.interrupts import at_stop
from orchestration.warehouse.marts import DATABASE
from scrapers.errors import FilingsError

# DuckDB's vector size. Larger chunks take more memory and are not faster.
_ROWS_AT_ONCE = 2_048
_SECONDS_TO_COUNT = 2.0
_MISSING_TABLE = re.compile(r"Table with name (\S+) does not exist")

Row = tuple[object, ...]


@dataclass(frozen=True)
class Answer:
    """The result of a query: column names, column types, and an iterator over the rows.

    The rows can be read once. The connection runs no other query until they are read or closed.
    """

    names: Sequence[str]
    kinds: Sequence[str]
    rows: Iterator[Row]


@dataclass(frozen=True)
class OpenRelease:
    """The name of a release, and a read-only connection to its database."""

    name: str
    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str) -> Answer:
        """Run one query. Raises FilingsError for statements that do more than read."""
        relation = self.connection.sql(reading_statement(self.connection, sql))
        return Answer(relation.columns, [str(kind) for kind in relation.types], _rows(relation))

    def count(self, sql: str) -> int | None:
        """The number of rows of a query, or None if counting would take more than two seconds.

        DuckDB counts most queries without computing their columns, so this is usually much faster
        than reading the rows.
        """
        query = reading_statement(self.connection, sql)
        # A statement may end with a comment, which would hide the bracket on the same line.
        counting = f"select count(*) from ({query}\n)"
        timer = Timer(_SECONDS_TO_COUNT, self.connection.interrupt)
        timer.start()
        try:
            counted = self.connection.execute(counting).fetchall()
        except (duckdb.InterruptException, duckdb.ParserException):
            return None
        finally:
            timer.cancel()
        return int(counted[0][0])


@contextmanager
def latest_opened(published: Path) -> Iterator[OpenRelease]:
    """Open the latest release for reading.

    Raises FilingsError if there is none, and for every error of DuckDB inside the block.
    """
    latest = latest_release(published)
    if latest is None:
        raise FilingsError("there is no release yet", remedy="Run `filings refresh` first")
    try:
        with (
            duckdb.connect(str(latest / DATABASE), read_only=True) as connection,
            # DuckDB can miss the signal while it computes a chunk.
            at_stop(connection.interrupt),
        ):
            # Otherwise a query on a remote file would download and install an extension.
            connection.execute("set autoinstall_known_extensions = false")
            # Otherwise variables of this program could be used as tables.
            connection.execute("set python_enable_replacements = false")
            # Rows are read through Arrow, which lacks some of DuckDB's types.
            connection.execute("set arrow_lossless_conversion = true")
            try:
                yield OpenRelease(latest.name, connection)
            except duckdb.CatalogException as error:
                # DuckDB would suggest tables of its own catalogue.
                if missing := _MISSING_TABLE.search(str(error)):
                    find_table(connection, missing[1])
                raise
    except RuntimeError as error:
        # What DuckDB raises after Ctrl-C.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        raise FilingsError(str(error)) from error


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[Row]:
    """The rows, computed as they are read. Only Arrow readers stream; `fetchmany` does not."""
    with closing(relation.to_arrow_reader(_ROWS_AT_ONCE)) as reader, duckdb.connect() as converter:
        for batch in _batches(reader):
            yield from converter.from_arrow(batch).fetchall()


def _batches(reader: Any) -> Iterator[Any]:
    """The batches of an Arrow reader, which raises OSError for errors of the query."""
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except OSError as error:
            raise FilingsError(str(error)) from error
        yield batch
