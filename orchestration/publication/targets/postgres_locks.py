"""The locks of a publication to PostgreSQL.

Readers are never in the way of rows, only of other columns. Tables that get other columns are
locked together, before anything else is locked, in attempts that are shorter than the second after
which PostgreSQL looks for deadlocks. Such an attempt never makes a reader fail.
"""

import time
from collections.abc import Sequence

from psycopg import errors, sql

from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres_connection import Connection

PUBLISHER_SECONDS = 120
TABLE_SECONDS = 60.0
STATEMENT_SECONDS = 600
_ATTEMPT_MILLISECONDS, _PAUSE_SECONDS = 400, 0.6

_HOLDERS = """
    select distinct a.pid, a.usename from pg_locks l join pg_stat_activity a using (pid)
    where l.granted and l.pid <> pg_backend_pid()
        and l.relation in (
            select c.oid from pg_class c
            where c.relnamespace = to_regnamespace(quote_ident(%s)) and c.relname = any(%s)
        )
    order by a.pid
"""


def begin(connection: Connection, schema: str) -> None:
    """Set the limits of the transaction, and wait until no other one publishes to the schema.

    Raises TargetError if another publication takes too long.
    """
    _set(connection, "statement_timeout", f"{STATEMENT_SECONDS}s")
    _set(connection, "idle_in_transaction_session_timeout", f"{STATEMENT_SECONDS}s")
    # Times are copied without their zone.
    _set(connection, "timezone", "UTC")
    _set(connection, "lock_timeout", f"{PUBLISHER_SECONDS}s")
    try:
        connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"filings {schema}"]
        )
    except errors.LockNotAvailable:
        raise TargetError(
            f"another publication to the schema {schema} takes longer than {PUBLISHER_SECONDS} "
            "seconds",
            remedy="Wait until it ends, and publish again. Nothing was changed",
        ) from None
    _set(connection, "lock_timeout", f"{int(TABLE_SECONDS)}s")


def lock_tables(connection: Connection, schema: str, names: Sequence[str]) -> None:
    """Lock tables against all other sessions, for other columns or to drop them.

    Raises TargetError, naming the sessions in the way, if that takes too long.
    """
    if not names:
        return
    tables = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
    statement = sql.SQL("lock table {} in access exclusive mode").format(tables)
    deadline = time.monotonic() + TABLE_SECONDS
    while not _is_locked(connection, statement):
        if time.monotonic() > deadline:
            raise TargetError(
                f"{', '.join(names)} cannot get other columns, because they are in use by "
                f"{_holders(connection, schema, names)}",
                remedy="End these sessions, or wait for them; the next run, or `filings publish`, "
                "tries again. Nothing was changed",
            )
        # Readers that waited go first.
        time.sleep(_PAUSE_SECONDS)


def _is_locked(connection: Connection, statement: sql.Composed) -> bool:
    try:
        with connection.transaction():
            _set(connection, "lock_timeout", f"{_ATTEMPT_MILLISECONDS}ms")
            connection.execute(statement)
    except errors.LockNotAvailable:
        return False
    _set(connection, "lock_timeout", f"{int(TABLE_SECONDS)}s")
    return True


def _holders(connection: Connection, schema: str, names: Sequence[str]) -> str:
    rows = connection.execute(_HOLDERS, [schema, list(names)]).fetchall()
    held = [f"process {pid} of user {user}" for pid, user in rows]
    return ", ".join(held) or "another session"


def _set(connection: Connection, name: str, value: str) -> None:
    """Set a parameter until the transaction ends."""
    connection.execute("select set_config(%s, %s, true)", [name, value])
