"""An entry of the feed, and helpers for building entries.

Texts of the register are data: they become lxml text nodes, never markup.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, TypeVar

import duckdb
from lxml import etree

from orchestration.runtime.texts import harmless

T = TypeVar("T")

LEADING = 5
"""The number of leading values that an entry shows."""

_SHANGHAI = timezone(timedelta(hours=8))
_FORBIDDEN_IN_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """An entry of the feed; `key` identifies it, `lists` are the addresses of its lists."""

    key: str
    category: str
    title: str
    published: datetime
    updated: datetime
    url: str
    lists: Sequence[str]
    summary: str
    html: str


def select_records(
    connection: duckdb.DuckDBPyConnection, kind: Callable[..., T], sql: str
) -> list[T]:
    """The rows of a query as records with a field per column; texts as in `select_rows`."""
    rows = select_rows(connection, sql)
    names = [column[0] for column in connection.description]
    return [kind(**dict(zip(names, row, strict=True))) for row in rows]


def select_rows(
    connection: duckdb.DuckDBPyConnection, sql: str, *values: object
) -> list[tuple[Any, ...]]:
    """The rows of a query; U+FFFD replaces control characters and whatever XML does not allow."""
    rows = connection.execute(sql, list(values)).fetchall()
    return [
        tuple(_text(value) if isinstance(value, str) else value for value in row) for row in rows
    ]


def leading_by(
    connection: duckdb.DuckDBPyConnection, sql: str, *values: object
) -> dict[Any, list[str]]:
    """{batch or list: its leading values}, from rows of it, a name, a count and a share.

    One query has the values of all: a query for each would read the tables once for each.
    """
    found: dict[Any, list[Any]] = {}
    for document, *row in select_rows(connection, sql, *values):
        found.setdefault(document, []).append(row)
    return {document: with_shares(rows) for document, rows in found.items()}


def with_shares(rows: Iterable[tuple[str, int, float | None]]) -> list[str]:
    """Names with their counts and, if known, their shares."""
    return [
        f"{name} {count:,}" + ("" if share is None else f" ({100 * share:.1f}%)")
        for name, count, share in rows
    ]


def to_html(*parts: etree._Element) -> str:
    """The elements as an HTML fragment."""
    return "".join(etree.tostring(part, encoding="unicode", method="html") for part in parts)


def midnight(day: date) -> datetime:
    """The start of a day in China; the source gives dates without times."""
    return datetime.combine(day, time(), _SHANGHAI)


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural unless the number is 1."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _text(text: str) -> str:
    return _FORBIDDEN_IN_XML.sub("\ufffd", harmless(text))
