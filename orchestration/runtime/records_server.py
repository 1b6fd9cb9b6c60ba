"""Dagster's records on a PostgreSQL server, which dagster.yaml can name as their storage.

Two things differ from the usual SQLite files. The server can be out of reach, which is a message
for an operator and not a traceback. And Dagster opens a connection for every event: with a password
to check, that was half the time of a refresh. A process that ends with its run keeps one open.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import sqlalchemy.exc
from dagster._config.stack import get_friendly_path_msg
from dagster._core.instance import InstanceRef

from scrapers.errors import FilingsError, few

STATEMENT_MILLISECONDS = 60_000
RECYCLE_SECONDS = 3_600
MORE_CONNECTIONS = 20
# In the message of Dagster.
_MISSING_VARIABLE = re.compile(r'environment variable "(\w+)" which is not set')
_PACKAGES = {"dagster_postgres", "psycopg2"}
_SERVER_ERRORS = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.ProgrammingError,
)


class RecordsServerError(FilingsError):
    """The storage that dagster.yaml names for Dagster's records cannot be used."""


def open_configured(home: Path) -> dg.DagsterInstance:
    """Open the instance with the storage that its dagster.yaml names.

    Dagster asks a server that does not answer five more times, which takes about 12 seconds. Raises
    RecordsServerError.
    """
    with server_errors_named(home):
        try:
            instance = dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home)))
        except dg.DagsterInvalidConfigError as error:
            raise _invalid(error, home) from error
        # What Dagster does for its webserver: for PostgreSQL a pool of connections, else nothing.
        instance.optimize_for_webserver(STATEMENT_MILLISECONDS, RECYCLE_SECONDS, MORE_CONNECTIONS)
    return instance


@contextmanager
def server_errors_named(home: Path) -> Iterator[None]:
    """Convert errors of the server, or of the way to it, to RecordsServerError."""
    try:
        with _without_messages_of_retries():
            yield
    except FilingsError:
        raise
    except Exception as error:
        if named := _server_error(error, home):
            raise named from error
        raise


def _invalid(error: dg.DagsterInvalidConfigError, home: Path) -> RecordsServerError:
    """What is wrong with dagster.yaml, without its values, which may hold a password."""
    file = home / "dagster.yaml"
    if missing := _MISSING_VARIABLE.search(str(error)):
        return RecordsServerError(
            f"{file} takes a value from the environment variable {missing[1]}, which is not set",
            remedy="Set it as for the other commands and services",
        )
    paths = [get_friendly_path_msg(each.stack) for each in error.errors]
    return RecordsServerError(
        f"{file} cannot be used: a setting {few(paths)} is missing, unknown or of a wrong type",
        remedy="Correct it, or delete it and run `filings init`",
    )


def _server_error(error: BaseException, home: Path) -> RecordsServerError | None:
    """The error of the server among an error and its causes, in words, or None."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen:
        if found := _described(link, home):
            return found
        seen.append(link)
        link = link.__cause__ or link.__context__
    return None


def _described(error: BaseException, home: Path) -> RecordsServerError | None:
    """What an error says about the server. The quoted messages hold no passwords."""
    file = home / "dagster.yaml"
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] in _PACKAGES:
        return RecordsServerError(
            f"{file} keeps Dagster's records in PostgreSQL, but {error.name} is not installed",
            remedy="Install the extra postgres: `make extras`",
        )
    if isinstance(error, sqlalchemy.exc.ArgumentError):
        # The message of SQLAlchemy does not quote the address.
        return RecordsServerError(
            f"the address of PostgreSQL in {file} cannot be used: {_first_line(error)}",
            remedy="It looks like postgresql+psycopg2://user:password@host:5432/database",
        )
    if isinstance(error, _SERVER_ERRORS) and type(error.orig).__module__.startswith("psycopg"):
        return RecordsServerError(
            f"Dagster's records cannot be used: {_first_line(error.orig)}",
            remedy=f"Check that the PostgreSQL server runs, and the storage in {file}. "
            "Nothing is half-published",
        )
    return None


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "no message")


@contextmanager
def _without_messages_of_retries() -> Iterator[None]:
    """Leave out the log messages of dagster-postgres about each attempt."""

    def is_wanted(record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Retrying failed database connection")

    root = logging.getLogger()
    root.addFilter(is_wanted)
    try:
        yield
    finally:
        root.removeFilter(is_wanted)
