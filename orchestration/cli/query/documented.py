"""The tables of a release with their descriptions, which the release carries as comments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch

import duckdb

from orchestration.runtime.sql import identifier
from scrapers.errors import FilingsError

_NEAREST = 3
_LEAST_LIKENESS = 0.5
_SENTENCE = re.compile(r".*?[.](?=\s|$)", re.DOTALL)

# The groups of `filings tables`, each with the patterns of its tables. The first match decides.
_GROUPS = {
    "Registers": ("filings", "recommendation_filings", "generative_services", "registrations"),
    "Companies": ("registrants", "entities", "entity_*", "dual_track", "names_for_review"),
    "Parts of filings": ("products", "sectors", "issued_numbers"),
    "Lists and totals": ("batches", "official_totals", "pass_rates"),
    "History": ("filing_events", "filing_versions", "changes", "cancellations"),
    "Article": ("article_*",),
    "Counts": ("*_by_*",),
    "Other": ("*",),
}


@dataclass(frozen=True)
class DocumentedColumn:
    """A column of a table; `description` is empty if the release has none."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class DocumentedTable:
    """A table of a release with its number of rows."""

    name: str
    description: str
    rows: int

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        found = _SENTENCE.match(self.description)
        return found[0] if found else self.description


def tables_of(connection: duckdb.DuckDBPyConnection) -> tuple[DocumentedTable, ...]:
    """The tables of a release, by name."""
    found = connection.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() "
        "where not internal order by table_name"
    ).fetchall()
    return tuple(
        DocumentedTable(name, comment, _count(connection, name)) for name, comment in found
    )


def grouped(tables: Sequence[DocumentedTable]) -> Iterator[tuple[str, list[DocumentedTable]]]:
    """The groups that have tables, each with its tables in the order of its patterns."""
    left = list(tables)
    for title, patterns in _GROUPS.items():
        group = [item for pattern in patterns for item in left if fnmatch(item.name, pattern)]
        left = [item for item in left if item not in group]
        if group:
            yield title, list(dict.fromkeys(group))


def find_table(connection: duckdb.DuckDBPyConnection, name: str) -> DocumentedTable:
    """The table with this name, ignoring case.

    Raises FilingsError with the most similar names if there is none.
    """
    known = {item.name: item for item in tables_of(connection)}
    if table := known.get(name.strip().lower()):
        return table
    nearest = get_close_matches(name.lower(), known, _NEAREST, _LEAST_LIKENESS)
    hint = f"Similar names: {', '.join(nearest)}. " if nearest else ""
    raise FilingsError(
        f"the release has no table {name}", remedy=f"{hint}`filings tables` lists all of them"
    )


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[DocumentedColumn, ...]:
    """The columns of a table, in their order."""
    found = connection.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where table_name = ? order by column_index",
        [table],
    ).fetchall()
    return tuple(DocumentedColumn(*row) for row in found)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((rows,),) = connection.execute(f"select count(*) from {identifier(table)}").fetchall()
    return int(rows)
