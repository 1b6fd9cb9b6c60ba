"""What ends with the columns that a release removes or gives another type: indexes and grants."""

from collections.abc import Sequence

from orchestration.publication.targets.postgres_connection import Connection
from orchestration.publication.targets.postgres_tables import TableChange

# An index uses a column as a key, or in an expression or condition, on which it then depends.
_INDEXES = """
    select distinct format('index %%I.%%I', c.relnamespace::regnamespace, c.relname)
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_attribute a on a.attrelid = i.indrelid
    where a.attrelid = format('%%I.%%I', %(schema)s::text, %(table)s::text)::regclass
        and a.attname = %(column)s
        and (
            a.attnum = any(i.indkey)
            or exists (
                select from pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
                    and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
            )
        )
    order by 1
"""
# Only grants on the column itself: those on the table stay.
_GRANTS = """
    select format(
        'grant of %%s to %%s', string_agg(lower(g.privilege_type), ', ' order by g.privilege_type),
        case g.grantee when 0 then 'public' else g.grantee::regrole::text end
    )
    from pg_attribute a, aclexplode(a.attacl) g
    where a.attrelid = format('%%I.%%I', %(schema)s::text, %(table)s::text)::regclass
        and a.attname = %(column)s
    group by g.grantee
    order by 1
"""


def lost_with_columns(connection: Connection, changes: Sequence[TableChange]) -> list[str]:
    """A warning for each column to remove that has indexes or grants, which end with it."""
    warnings = []
    for change in changes:
        for column in change.removed:
            values = {"schema": change.schema, "table": change.mart.name, "column": column}
            lost = [
                str(text)
                for query in (_INDEXES, _GRANTS)
                for (text,) in connection.execute(query, values).fetchall()
            ]
            if lost:
                fate = "got another type" if column in change.wanted else "was removed"
                warnings.append(
                    f"column {column} of {change.mart.name} {fate}, and with the former column "
                    f"ended: {'; '.join(lost)}"
                )
    return warnings
