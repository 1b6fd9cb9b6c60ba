"""The corporate group of a company, if a source for it is on record."""

from dataclasses import dataclass

import duckdb

from orchestration.cli.show.records import has_groups, records


@dataclass(frozen=True)
class Group:
    """A corporate group; `entity_group_members` has the source for each of its companies."""

    group_name: str
    group_name_en: str


def find_group(connection: duckdb.DuckDBPyConnection, entity_id: str | None) -> Group | None:
    """The group of the entity with this code; None if it is unknown, and in older releases."""
    if not has_groups(connection):
        return None
    source = "entity_groups where list_contains(entity_ids, ?)"
    return next(iter(records(connection, Group, source, [entity_id])), None)
