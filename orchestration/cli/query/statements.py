"""What a query may be: one statement that reads.

A read-only connection cannot change the release, but `copy`, `export` and `attach` would still
write files. So statements are told apart by DuckDB's own parser, before anything runs.
"""

import re

import duckdb
from duckdb import StatementType

from scrapers.errors import FilingsError

_BLANK = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_EXPLAIN = re.compile(
    rf"{_BLANK}explain\b{_BLANK}(?:analy[sz]e\b{_BLANK})?(?:\([^()']*\){_BLANK})?",
    re.IGNORECASE | re.DOTALL,
)


def reading_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one statement of `sql`, without what ends it.

    Raises FilingsError where there is none or more than one, or where it does not only read, and
    duckdb.Error where it is no SQL.
    """
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise FilingsError("the query is no text in UTF-8") from error
    statements = connection.extract_statements(sql.lstrip("\ufeff"))
    if not statements:
        raise FilingsError("the query is empty", remedy='Give it as: filings query "select …"')
    if len(statements) > 1:
        raise FilingsError(
            f"these are {len(statements)} statements", remedy="Give one query at a time"
        )
    query = statements[0].query.strip().rstrip(";")
    if not _only_reads(connection, query, statements[0].type):
        raise FilingsError(
            f"queries are read-only, and this is {_named(statements[0].type)}",
            remedy="Use --output to write a file",
        )
    return query


def _only_reads(connection: duckdb.DuckDBPyConnection, query: str, kind: StatementType) -> bool:
    if kind == StatementType.SELECT:
        return True
    explained = _EXPLAIN.match(query)
    if kind == StatementType.EXPLAIN:
        # EXPLAIN ANALYZE runs what it explains.
        return bool(explained) and _parses_as_reading(connection, query[explained.end() :])
    if kind == StatementType.MULTI:
        # PIVOT, or another statement with one inside, which cannot stand where a table can.
        pivot = query[explained.end() :] if explained else query
        return _parses(connection, f"from ({pivot}\n)")
    return False


def _parses_as_reading(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    if not _parses(connection, query):
        return False
    return _only_reads(connection, query, connection.extract_statements(query)[0].type)


def _parses(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether the text is one statement."""
    try:
        return len(connection.extract_statements(query)) == 1
    except duckdb.Error:
        return False


def _named(kind: StatementType) -> str:
    compound = (StatementType.MULTI, StatementType.EXPLAIN)
    return "a statement that writes" if kind in compound else kind.name.replace("_", " ")
