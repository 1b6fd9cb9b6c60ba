"""The tables of a schema compared with the marts of a release, and the changes that they need.

A table is altered and never dropped while its mart exists, so views, grants and indexes survive,
except indexes and grants of a column that is removed or gets another type. A column that a view
uses cannot be removed: the publication is refused, and names the view.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from psycopg import errors, sql

from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.postgres_connection import Connection
from orchestration.publication.targets.postgres_types import postgres_type
from orchestration.publication.targets.release_files import MartFile

MAX_NAME_BYTES = 63
_RELATIONS = """
    select c.relname, c.relkind in ('r', 'p'), obj_description(c.oid, 'pg_class'),
        a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
    from pg_class c
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = to_regnamespace(quote_ident(%s))
        and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by c.relname, a.attnum
"""


@dataclass
class Relation:
    """A table or view of the schema; `columns` are {name: (type, comment)}."""

    is_table: bool
    comment: str | None
    columns: dict[str, tuple[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class TableChange:
    """What a table needs to have the columns of its mart; `before` is None if it is missing."""

    schema: str
    mart: MartFile
    before: Relation | None

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.mart.name)

    @cached_property
    def wanted(self) -> Mapping[str, str]:
        """The type of each column."""
        return {column.name: postgres_type(column.type) for column in self.mart.columns}

    @cached_property
    def removed(self) -> Sequence[str]:
        """Columns to drop: those that the mart lacks, or has with another type."""
        columns = self.before.columns if self.before else {}
        return [name for name, (kind, _) in columns.items() if self.wanted.get(name) != kind]

    @cached_property
    def added(self) -> Sequence[str]:
        """Columns to add, including those that have another type."""
        columns = self.before.columns if self.before else {}
        return [name for name in self.wanted if name not in columns or name in self.removed]

    @property
    def is_altered(self) -> bool:
        """Whether an existing table gets other columns."""
        return self.before is not None and bool(self.removed or self.added)

    @property
    def is_empty(self) -> bool:
        """Whether the table, or a column of it, has no values yet."""
        return self.before is None or self.is_altered


def read_relations(connection: Connection, schema: str) -> dict[str, Relation]:
    """The tables and views of a schema, by name."""
    found: dict[str, Relation] = {}
    rows = connection.execute(_RELATIONS, [schema]).fetchall()
    for name, is_table, comment, column, kind, column_comment in rows:
        relation = found.setdefault(name, Relation(is_table, comment))
        if column is not None:
            relation.columns[column] = (kind, column_comment)
    return found


def require_usable_names(schema: str, marts: Sequence[MartFile]) -> None:
    """Raise TargetError for names that PostgreSQL would cut, or that are kept for records."""
    for mart in marts:
        if mart.name.startswith("_"):
            raise TargetError(f"table {mart.name}: names that begin with _ are kept for records")
        for name in (schema, mart.name, *(column.name for column in mart.columns)):
            if len(name.encode()) > MAX_NAME_BYTES:
                raise TargetError(
                    f"the name {name} is longer than the {MAX_NAME_BYTES} bytes that PostgreSQL "
                    "keeps of a name",
                    remedy="Choose a shorter one",
                )


def apply_structure(connection: Connection, changes: Sequence[TableChange]) -> None:
    """Create the missing tables and alter the others.

    Raises TargetError, naming the views, if a column to remove is in use.
    """
    in_use: list[str] = []
    for change in changes:
        if change.before is None:
            columns = sql.SQL(", ").join(_column(change, name) for name in change.wanted)
            connection.execute(sql.SQL("create table {} ({})").format(change.table, columns))
            continue
        for name in change.removed:
            in_use += _drop_column(connection, change, name)
        if change.added and not in_use:
            parts = (
                sql.SQL("add column {}").format(_column(change, name)) for name in change.added
            )
            statement = sql.SQL("alter table {} {}")
            connection.execute(statement.format(change.table, sql.SQL(", ").join(parts)))
    if in_use:
        raise TargetError(
            "columns that this release removes or gives another type are in use: "
            + "; ".join(in_use),
            remedy="Drop or change these views, and publish again. Nothing was changed",
        )


def drop_tables(connection: Connection, schema: str, names: Sequence[str]) -> list[str]:
    """Drop the tables of marts that no longer exist; a warning for each that is in use."""
    warnings = []
    for name in names:
        try:
            with connection.transaction():
                connection.execute(sql.SQL("drop table {}").format(sql.Identifier(schema, name)))
        except errors.DependentObjectsStillExist as error:
            warnings.append(
                f"table {name} is not part of the release any more, and keeps its last rows "
                f"because it is in use: {_detail(error)}"
            )
    return warnings


def comment_statements(change: TableChange) -> Iterator[sql.Composed]:
    """The statements that give a table and its columns the descriptions of the mart."""
    before = change.before.comment if change.before else None
    if before != change.mart.description:
        statement = sql.SQL("comment on table {} is {}")
        yield statement.format(change.table, sql.Literal(change.mart.description))
    columns = change.before.columns if change.before else {}
    for column in change.mart.columns:
        kept = column.name not in change.added
        if (columns[column.name][1] if kept else None) != column.description:
            name = sql.Identifier(change.schema, change.mart.name, column.name)
            statement = sql.SQL("comment on column {} is {}")
            yield statement.format(name, sql.Literal(column.description))


def _column(change: TableChange, name: str) -> sql.Composed:
    # The type is one of the project's own, never a text from a file.
    kind = sql.SQL(change.wanted[name])
    return sql.SQL("{} {}").format(sql.Identifier(name), kind)


def _drop_column(connection: Connection, change: TableChange, name: str) -> list[str]:
    """Drop a column; what uses it, if it is in use."""
    statement = sql.SQL("alter table {} drop column {}")
    try:
        with connection.transaction():
            connection.execute(statement.format(change.table, sql.Identifier(name)))
    except errors.DependentObjectsStillExist as error:
        return [_detail(error)]
    return []


def _detail(error: errors.DependentObjectsStillExist) -> str:
    """What depends on the object, such as `view v depends on column x of table filings.batches`."""
    return "; ".join((error.diag.message_detail or str(error)).splitlines())
