"""PostgreSQL as a target: a schema with a table per mart of a release.

A publication is one transaction, so readers see the release before or the new one. Only the rows of
marts whose Parquet file changed are replaced. Two publications to a schema follow each other.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from orchestration.publication.targets.delivered import Delivered, TargetError
from orchestration.publication.targets.postgres_columns import lost_with_columns
from orchestration.publication.targets.postgres_connection import (
    Connection,
    connected,
    target_label,
)
from orchestration.publication.targets.postgres_locks import begin, lock_tables
from orchestration.publication.targets.postgres_records import (
    create_records,
    record,
    recorded_marts,
    recorded_release,
)
from orchestration.publication.targets.postgres_rows import replace_rows
from orchestration.publication.targets.postgres_tables import (
    Relation,
    TableChange,
    apply_structure,
    comment_statements,
    drop_tables,
    read_relations,
    require_usable_names,
)
from orchestration.publication.targets.release_files import MartFile, ReleaseFiles, read_release
from scrapers.errors import few


@dataclass(frozen=True)
class _Schema:
    """A schema as it is before a publication; `marts` are the hashes of the published ones."""

    name: str
    relations: Mapping[str, Relation]
    marts: Mapping[str, str]

    def obsolete(self, marts: Sequence[MartFile]) -> list[str]:
        """The published tables whose marts no longer exist."""
        names = {mart.name for mart in marts}
        return sorted(name for name in self.marts if name not in names and name in self.relations)


def publish_to_postgres(folder: Path, dsn: str, schema: str, *, force: bool = False) -> Delivered:
    """Publish a release folder to a schema, which is created if it is missing.

    With `force`, all rows are written again, and the release may replace a newer one, or one from
    other sources. Raises TargetError if the release cannot be published; the schema is then as
    before.
    """
    started = time.monotonic()
    release = read_release(folder)
    label = f"{target_label(dsn)}, schema {schema}"
    with connected(dsn) as connection:
        found = recorded_release(connection, schema)
        if found and found.is_of(release) and not force:
            return Delivered(label, release.name, is_new=False)
        # Outside the transaction, which must be short.
        marts = release.marts()
        require_usable_names(schema, marts)
        release.require_undamaged({f"parquet/{mart.path.name}" for mart in marts})
        with connection.transaction():
            delivered = _publish(connection, schema, release, marts, force)
    if delivered is None:
        return Delivered(label, release.name, is_new=False)
    sent, warnings = delivered
    seconds = time.monotonic() - started
    return Delivered(label, release.name, True, sent, seconds, warnings)


def _publish(
    connection: Connection,
    schema: str,
    release: ReleaseFiles,
    marts: Sequence[MartFile],
    force: bool,
) -> tuple[str, list[str]] | None:
    """Publish in the transaction of the caller; None if another publication was faster."""
    begin(connection, schema)
    found = recorded_release(connection, schema)
    if found and not force:
        if found.is_of(release):
            return None
        release.require_sources(found.source, f"the schema {schema}")
        if found.name > release.name:
            raise TargetError(
                f"release {release.name} is older than {found.name}, which the schema {schema} has",
                remedy="Add --force to `filings publish` to go back to it. Nothing was changed",
            )
    before = _prepared(connection, schema, is_first=found is None)
    changes = [TableChange(schema, mart, before.relations.get(mart.name)) for mart in marts]
    _require_own(before, changes)
    obsolete = before.obsolete(marts)
    altered = [change.mart.name for change in changes if change.is_altered]
    lock_tables(connection, schema, [*altered, *obsolete])
    warnings = lost_with_columns(connection, changes)
    apply_structure(connection, changes)
    warnings += drop_tables(connection, schema, obsolete)
    stale = [
        change
        for change in changes
        if force or change.is_empty or before.marts.get(change.mart.name) != change.mart.sha256
    ]
    for change in stale:
        warnings += replace_rows(connection, change)
    comments = [statement for change in changes for statement in comment_statements(change)]
    if comments:
        connection.execute(sql.SQL("; ").join(comments))
    kept = read_relations(connection, schema)
    dropped = [name for name in before.marts if name not in kept]
    record(connection, schema, release, [change.mart for change in stale], dropped)
    return _sent(marts, [change.mart for change in stale]), warnings


def _prepared(connection: Connection, schema: str, *, is_first: bool) -> _Schema:
    """The schema as it is, with the tables of records."""
    relations = read_relations(connection, schema)
    if is_first:
        # `create schema if not exists` needs a right that is not needed if it exists.
        if connection.execute(
            "select to_regnamespace(quote_ident(%s)) is null", [schema]
        ).fetchone() == (True,):
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        create_records(connection, schema)
    return _Schema(schema, relations, recorded_marts(connection, schema))


def _require_own(before: _Schema, changes: Sequence[TableChange]) -> None:
    """Raise TargetError if a mart has the name of a table or view that no publication made."""
    foreign = [
        change.mart.name
        for change in changes
        if change.before and not (change.before.is_table and change.mart.name in before.marts)
    ]
    if foreign:
        raise TargetError(
            f"the schema {before.name} already has {few(foreign)}, which no publication made",
            remedy="Choose another schema (FILINGS_POSTGRES_SCHEMA or --schema). Nothing was "
            "changed",
        )


def _sent(marts: Sequence[MartFile], stale: Sequence[MartFile]) -> str:
    rows = sum(mart.rows for mart in stale)
    return f"{len(stale)} of {len(marts)} tables, {rows:,} rows"
