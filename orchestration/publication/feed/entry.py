"""An entry of the feed, and what all entries are written with.

Texts of the register are data: they become text nodes of lxml, never markup.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TypeVar

import duckdb
from lxml import etree

from orchestration.runtime.texts import harmless

T = TypeVar("T")

_SHANGHAI = timezone(timedelta(hours=8))
_FORBIDDEN_IN_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """An entry of the feed; `key` is what identifies it, `lists` the addresses of its lists."""

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
    """The rows of a query as records whose fields are its columns, texts as `select_rows` has
    them.
    """
    rows = select_rows(connection, sql)
    names = [column[0] for column in connection.description]
    return [kind(**dict(zip(names, row, strict=True))) for row in rows]


def select_rows(
    connection: duckdb.DuckDBPyConnection, sql: str, *values: object
) -> list[tuple[object, ...]]:
    """Rows whose texts XML can hold, with U+FFFD for each sign that acts."""
    rows = connection.execute(sql, list(values)).fetchall()
    return [
        tuple(_text(value) if isinstance(value, str) else value for value in row) for row in rows
    ]


def to_html(*parts: etree._Element) -> str:
    return "".join(etree.tostring(part, encoding="unicode", method="html") for part in parts)


def midnight(day: date) -> datetime:
    """The beginning of a day of the source, which gives no time."""
    return datetime.combine(day, time(), _SHANGHAI)


def counted(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _text(text: str) -> str:
    return _FORBIDDEN_IN_XML.sub("\ufffd", harmless(text))
