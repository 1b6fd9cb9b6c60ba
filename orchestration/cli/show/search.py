"""Resolves a search text: a number of any register, a company id, or a part of name or number."""

import re
from dataclasses import dataclass
from typing import NoReturn

import duckdb

from orchestration.cli.show.entity import Entity, find_entity
from orchestration.cli.show.filing import Filing, find_filing
from orchestration.cli.show.names import LEAST_NUMBER, Matches, find_names, nearest_names
from orchestration.cli.show.registrant import Registrant, find_registrant
from orchestration.cli.show.registrations import Registered, find_registered
from scrapers.errors import FilingNumberError, FilingsError
from scrapers.fields.filing_number import digits_of, parse
from scrapers.fields.text_keys import matching_key

# The id of a company without a code is its name after this prefix; see `registrants`.
_COMPANY_ID = re.compile(r"[0-9]{7}|name:.+")


@dataclass(frozen=True)
class Found:
    """The registration or company found, or the matches if there are several.

    `in_part` counts the partial matches left out in favour of an exact one.
    """

    subject: Filing | Registered | Entity | Registrant | Matches
    in_part: int = 0


def look_up(
    connection: duckdb.DuckDBPyConnection, text: str, *, include_partial: bool = False
) -> Found:
    """The registration, company or matches that `text` refers to.

    `include_partial` lists partial matches even if there is an exact one. Raises FilingsError with
    the most similar names if nothing matches.
    """
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise FilingsError("the search text is not valid UTF-8")
    key = matching_key(text)
    if not key:
        raise FilingsError("the search text is empty", remedy="Pass a number, an id or a name")
    if number := digits_of(text):
        return Found(_registration(connection, number) or _no_filing(connection, number))
    if _COMPANY_ID.fullmatch(key) and (company := _company(connection, key)):
        return Found(company)
    if registered := find_registered(connection, key):
        return Found(registered)
    matches = find_names(connection, text, include_partial=include_partial)
    if not matches.found:
        raise _no_match(connection, text)
    if len(matches.found) > 1:
        return Found(matches, matches.in_part)
    only = matches.found[0]
    subject = (_company if only.is_entity else _registration)(connection, only.key)
    return Found(subject or matches, matches.in_part)


def _company(connection: duckdb.DuckDBPyConnection, key: str) -> Entity | Registrant | None:
    return find_entity(connection, key) or find_registrant(connection, key)


def _registration(connection: duckdb.DuckDBPyConnection, number: str) -> Filing | Registered | None:
    return find_filing(connection, number) or find_registered(connection, number)


def _no_filing(connection: duckdb.DuckDBPyConnection, number: str) -> NoReturn:
    """Raise FilingsError with what is known from the number itself."""
    try:
        parts = parse(number)
    except FilingNumberError as error:
        raise FilingsError(f"no filing has the number {number}", remedy=str(error)) from error
    notices = connection.execute(
        "select kind, cancelled_month, algorithm_name, entity_name from cancellations "
        "where filing_number = ? order by published_on limit 1",
        [number],
    ).fetchall()
    if notices:
        kind, month, algorithm, name = notices[0]
        raise FilingsError(
            f"no list contains filing {number}, but a notice cancelled it ({month}): "
            f"{algorithm}, {name}; {kind.replace('_', ' ')}"
        )
    company = _company(connection, parts.entity_id)
    raise FilingsError(
        f"no filing has the number {number}",
        remedy=f"It belongs to {company.row.entity_name}: `filings show {parts.entity_id}`"
        if company
        else f"Entity {parts.entity_id} has no filings either",
    )


def _no_match(connection: duckdb.DuckDBPyConnection, text: str) -> FilingsError:
    shown = " ".join(text.split())
    nearest = nearest_names(connection, text)
    similar = f"Similar names: {', '.join(nearest)}. " if nearest else ""
    is_short = len(shown) < LEAST_NUMBER
    numbers = "" if is_short else ", and no number"
    # A short text may be part of a number, but is only searched for in names.
    least = f"Parts of numbers are found from {LEAST_NUMBER} characters on. "
    enough = least if is_short and shown.isascii() else ""
    return FilingsError(
        f"no name of an algorithm, service, product or company contains {shown}{numbers}",
        remedy=f"{similar}{enough}A filing number has 21 digits, a company id 7; a service number "
        "is like Beijing-WenXinYiYan-20230821",
    )
