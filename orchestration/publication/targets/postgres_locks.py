"""The locks of a publication to PostgreSQL.

Readers are never in the way of rows, only of other columns. Tables that get other columns are
locked together, before anything else is locked, in attempts that are shorter than the second after
which PostgreSQL looks for deadlocks. Such an attempt never makes a reader fail.

PostgreSQL ends an autovacuum that is in the way only after that second. A table that only
autovacuum uses is therefore first locked alone for longer, and let go: a session that holds no
other lock of these tables is part of no deadlock.
"""

import time
from collections.abc import Sequence
from contextlib import suppress

import psycopg
from psycopg import errors, sql

from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres_connection import Connection

PUBLISHER_SECONDS = 120
TABLE_SECONDS = 60.0
STATEMENT_SECONDS = 600
_ATTEMPT_MILLISECONDS, _PAUSE_SECONDS = 400, 0.6
# What PostgreSQL needs to end an autovacuum after it looked for deadlocks.
_CANCEL_MILLISECONDS = 500

_HOLDERS = """
    select distinct c.relname, a.pid, a.usename, a.backend_type
    from pg_locks l
    join pg_stat_activity a using (pid)
    join pg_class c on c.oid = l.relation
    where l.granted and l.pid <> pg_backend_pid()
        and c.relnamespace = to_regnamespace(quote_ident(%s)) and c.relname = any(%s)
        and l.database = (select oid from pg_database where datname = current_database())
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
                f"{_described(connection, schema, names)}",
                remedy="End these sessions, or wait for them; the next run, or `filings publish`, "
                "tries again. Nothing was changed",
            )
        # Readers that waited go first.
        time.sleep(_PAUSE_SECONDS)
        _push_autovacuum_aside(connection, schema, names)


def _push_autovacuum_aside(connection: Connection, schema: str, names: Sequence[str]) -> None:
    """Make PostgreSQL end the autovacuum of tables that no other session uses."""
    users: dict[str, set[str | None]] = {}
    for name, _, user, _ in _holders(connection, schema, names):
        users.setdefault(name, set()).add(user)
    for name, found in users.items():
        # Autovacuum is the only session without a user that locks tables.
        if found == {None}:
            _try_alone(connection, sql.Identifier(schema, name))


def _try_alone(connection: Connection, table: sql.Identifier) -> None:
    row = connection.execute(
        "select setting::int from pg_settings where name = 'deadlock_timeout'"
    ).fetchone()
    milliseconds = (row[0] if row else 1_000) + _CANCEL_MILLISECONDS
    with suppress(errors.LockNotAvailable), connection.transaction():
        _set(connection, "lock_timeout", f"{milliseconds}ms")
        connection.execute(sql.SQL("lock table {} in access exclusive mode").format(table))
        # Other locks are only taken together.
        raise psycopg.Rollback


def _is_locked(connection: Connection, statement: sql.Composed) -> bool:
    try:
        with connection.transaction():
            _set(connection, "lock_timeout", f"{_ATTEMPT_MILLISECONDS}ms")
            connection.execute(statement)
    except errors.LockNotAvailable:
        return False
    _set(connection, "lock_timeout", f"{int(TABLE_SECONDS)}s")
    return True


def _holders(
    connection: Connection, schema: str, names: Sequence[str]
) -> list[tuple[str, int, str | None, str | None]]:
    """The table, the process, the user and the kind of each session that has locks of tables."""
    return connection.execute(_HOLDERS, [schema, list(names)]).fetchall()


def _described(connection: Connection, schema: str, names: Sequence[str]) -> str:
    """These sessions in words; without rights, PostgreSQL hides the kind of its own processes."""
    held = {
        pid: f"process {pid} of user {user}" if user else f"process {pid} ({kind or 'autovacuum'})"
        for _, pid, user, kind in _holders(connection, schema, names)
    }
    return ", ".join(held.values()) or "another session"


def _set(connection: Connection, name: str, value: str) -> None:
    """Set a parameter until the transaction ends."""
    connection.execute("select set_config(%s, %s, true)", [name, value])
