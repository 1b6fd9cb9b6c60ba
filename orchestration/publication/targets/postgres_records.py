"""What a schema records about the release that it has: the tables `_release` and `_marts`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from psycopg import errors, sql

from orchestration.publication.targets.postgres_connection import Connection
from orchestration.publication.targets.release_files import MartFile, ReleaseFiles

# The marts of dbt never begin with an underscore.
RELEASE, MARTS = "_release", "_marts"
_TABLES = """
    create table if not exists {release} (
        name text not null,
        content_sha256 text not null,
        descriptor_sha256 text not null,
        version text,
        as_of text,
        source text,
        created timestamp with time zone,
        published_at timestamp with time zone not null
    );
    create table if not exists {marts} (
        mart text primary key,
        file_sha256 text not null,
        row_count bigint not null,
        changed_in text not null
    );
    comment on table {release} is 'The release that the tables of this schema have: one row.';
    comment on table {marts} is
        'The tables of this schema: the hash of their Parquet file, their rows, and the release '
        'that changed their rows last.'
"""


@dataclass(frozen=True)
class Recorded:
    """The release that a schema has."""

    name: str
    descriptor_sha256: str
    source: str | None

    def is_of(self, release: ReleaseFiles) -> bool:
        """Whether it is this release."""
        return (self.name, self.descriptor_sha256) == (release.name, release.descriptor_sha256)


def recorded_release(connection: Connection, schema: str) -> Recorded | None:
    """The release that a schema has, or None."""
    statement = sql.SQL("select name, descriptor_sha256, source from {}")
    try:
        with connection.transaction():
            row = connection.execute(statement.format(_in(schema, RELEASE))).fetchone()
    except errors.UndefinedTable:
        return None
    return Recorded(*row) if row else None


def create_records(connection: Connection, schema: str) -> None:
    """Create the tables of the records."""
    tables = sql.SQL(_TABLES)
    connection.execute(tables.format(release=_in(schema, RELEASE), marts=_in(schema, MARTS)))


def recorded_marts(connection: Connection, schema: str) -> Mapping[str, str]:
    """The hash of the Parquet file of each table that was published to a schema."""
    statement = sql.SQL("select mart, file_sha256 from {}").format(_in(schema, MARTS))
    return dict(connection.execute(statement).fetchall())


def record(
    connection: Connection,
    schema: str,
    release: ReleaseFiles,
    changed: Iterable[MartFile],
    dropped: Iterable[str],
) -> None:
    """Replace the release, and the records of the marts that it changed or no longer has."""
    table, marts = _in(schema, RELEASE), _in(schema, MARTS)
    connection.execute(sql.SQL("delete from {}").format(table))
    package = release.package
    connection.execute(
        sql.SQL("insert into {} values (%s, %s, %s, %s, %s, %s, %s, now())").format(table),
        [
            release.name,
            release.content_sha256,
            release.descriptor_sha256,
            *(package.get(name) for name in ("version", "as_of", "source", "created")),
        ],
    )
    changed = list(changed)
    gone = [*dropped, *(mart.name for mart in changed)]
    connection.execute(sql.SQL("delete from {} where mart = any(%s)").format(marts), [gone])
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL("insert into {} values (%s, %s, %s, %s)").format(marts),
            [(mart.name, mart.sha256, mart.rows, release.name) for mart in changed],
        )


def _in(schema: str, table: str) -> sql.Identifier:
    return sql.Identifier(schema, table)
