"""Connections to PostgreSQL, and messages about them that never show a password."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orchestration.publication.targets.delivered import TargetError

Connection = psycopg.Connection[tuple[Any, ...]]

# A server that no longer answers ends the publication after minutes, not after hours.
_DEFAULTS: Mapping[str, str | int] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "fallback_application_name": "filings publish",
}
_SECRETS = ("password", "sslpassword")
# A server that refuses a connection gives its reason only as text. These reasons pass.
_REFUSED = re.compile("FATAL:|no password supplied")
_PASSING = re.compile("too many|remaining connection slots|database system is|terminating")
_EXAMPLE = "postgresql://user@host:5432/database"


@contextmanager
def connected(dsn: str) -> Iterator[Connection]:
    """Open a connection that commits each statement outside a transaction, and close it.

    Raises TargetError, without secrets, for every error of PostgreSQL in the block.
    """
    parameters = _parsed(dsn)
    label = target_label(dsn)
    try:
        # Statements are not prepared, for connection pools that share a session.
        with psycopg.connect(
            **{**_DEFAULTS, **parameters}, autocommit=True, prepare_threshold=None
        ) as connection:
            yield connection
    except psycopg.Error as error:
        # Without the original error, whose traceback may quote the connection string.
        raise TargetError(
            f"{label}: {_message(error, parameters)}", remedy=_remedy(error)
        ) from None


def target_label(dsn: str) -> str:
    """The server and the database without user and password, such as `PostgreSQL host:5432/db`."""
    parameters = _parsed(dsn)
    host = parameters.get("host") or os.environ.get("PGHOST") or parameters.get("service")
    port = parameters.get("port") or os.environ.get("PGPORT")
    database = parameters.get("dbname") or os.environ.get("PGDATABASE")
    address = f"{host or 'local'}" + (f":{port}" if port else "")
    return f"PostgreSQL {address}" + (f"/{database}" if database else "")


def _parsed(dsn: str) -> dict[str, Any]:
    """The parameters of a connection string. Raises TargetError without quoting it."""
    address = re.match("postgres(?:ql)?://([^?]*)", dsn)
    # With an unescaped / or @ in it, a part of the password would be taken for the host or port.
    is_ambiguous = address and "@" in address[1] and not re.fullmatch("[^/@]*@[^@]*", address[1])
    with suppress(psycopg.Error):
        if not is_ambiguous:
            return dict(conninfo_to_dict(dsn))
    raise TargetError(
        "the connection string of PostgreSQL cannot be read (it is not shown, because it may hold "
        "a password)",
        remedy=f"Write it like {_EXAMPLE}, with /, @, : and % of a password percent-encoded",
    )


def _message(error: psycopg.Error, parameters: Mapping[str, Any]) -> str:
    """The message of an error in one line, with passwords replaced."""
    primary, detail = error.diag.message_primary, error.diag.message_detail
    # Without a server's answer, there are no parts.
    text = f"{primary}: {detail}" if primary and detail else primary or str(error)
    for secret in filter(None, map(parameters.get, _SECRETS)):
        for form in (str(secret), quote(str(secret), safe="")):
            text = text.replace(form, "***")
    return " ".join(text.split()).removesuffix(".")


def _remedy(error: psycopg.Error) -> str:
    """What to do. Only a connection that failed or broke needs nothing but another attempt."""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return "Give the user of FILINGS_POSTGRES this right. Nothing was changed"
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return "End the session that holds the lock; the next run tries again. Nothing was changed"
    if isinstance(error, psycopg.errors.ReservedName):
        return "Choose another schema (FILINGS_POSTGRES_SCHEMA or --schema). Nothing was changed"
    if not isinstance(error, psycopg.OperationalError):
        return "An unfinished publication changes nothing"
    text = str(error)
    if error.sqlstate is None and _REFUSED.search(text) and not _PASSING.search(text):
        return "Correct FILINGS_POSTGRES or --postgres. Nothing was changed"
    return "An unfinished publication changes nothing; the next run tries again"
