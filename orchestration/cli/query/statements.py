"""Accepts only single statements that read.

A read-only connection protects the release, but `copy`, `export` and `attach` could still write
files. DuckDB's parser therefore classifies each statement before it runs.
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
    """The single statement of `sql`, without its final semicolon.

    Raises FilingsError if there is not exactly one statement or if it does more than read, and
    duckdb.Error if it is not valid SQL.
    """
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise FilingsError("the query is not valid UTF-8 text") from error
    statements = connection.extract_statements(sql.lstrip("\ufeff"))
    if not statements:
        raise FilingsError("the query is empty", remedy='Pass one: filings query "select …"')
    if len(statements) > 1:
        raise FilingsError(
            f"the query has {len(statements)} statements", remedy="Run one at a time"
        )
    query = statements[0].query.strip().rstrip(";")
    if not _only_reads(connection, query, statements[0].type):
        raise FilingsError(
            f"queries are read-only: {_named(statements[0].type)} is not allowed",
            remedy="Use --output to write a file",
        )
    return query


def _only_reads(connection: duckdb.DuckDBPyConnection, query: str, kind: StatementType) -> bool:
    if kind == StatementType.SELECT:
        return True
    explained = _EXPLAIN.match(query)
    if kind == StatementType.EXPLAIN:
        # EXPLAIN ANALYZE runs what it explains.
        return explained is not None and _parses_as_reading(connection, query[explained.end() :])
    if kind == StatementType.MULTI:
        # PIVOT, which can be used as a table, or another statement that contains one.
        pivot = query[explained.end() :] if explained else query
        return _parses(connection, f"from ({pivot}\n)")
    return False


def _parses_as_reading(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    if not _parses(connection, query):
        return False
    return _only_reads(connection, query, connection.extract_statements(query)[0].type)


def _parses(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether the text is exactly one statement."""
    try:
        return len(connection.extract_statements(query)) == 1
    except duckdb.Error:
        return False


def _named(kind: StatementType) -> str:
    compound = (StatementType.MULTI, StatementType.EXPLAIN)
    return "a statement that writes" if kind in compound else kind.name.replace("_", " ")
