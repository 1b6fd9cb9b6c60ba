"""What a user means by a text: a filing number, an entity's id, or part of a name."""

import re
from dataclasses import dataclass
from typing import NoReturn

import duckdb

from orchestration.cli.show.entity import Entity, find_entity
from orchestration.cli.show.filing import Filing, find_filing
from orchestration.cli.show.names import Matches, find_names, nearest_names
from scrapers.errors import FilingNumberError, FilingsError
from scrapers.fields.filing_number import digits_of, parse
from scrapers.fields.text_keys import matching_key

_ENTITY_ID = re.compile(r"[0-9]{7}")


@dataclass(frozen=True)
class Found:
    """The one filing or entity that was meant, or the several that may be. `in_part` counts those
    left aside because they only hold in part what another is called exactly.
    """

    subject: Filing | Entity | Matches
    in_part: int = 0


def look_up(connection: duckdb.DuckDBPyConnection, text: str, *, widely: bool = False) -> Found:
    """What `text` names.

    `widely` takes names that hold the text in part, though another is exactly that. Raises
    FilingsError where there is nothing, with what is nearest.
    """
    key = matching_key(text)
    if not key:
        raise FilingsError("there is nothing to look for", remedy="Give a number, an id or a name")
    if number := digits_of(text):
        return Found(find_filing(connection, number) or _no_filing(connection, number))
    if _ENTITY_ID.fullmatch(key) and (entity := find_entity(connection, key)):
        return Found(entity)
    matches = find_names(connection, text, widely=widely)
    if not matches.found:
        raise _nothing(connection, text)
    if len(matches.found) > 1:
        return Found(matches, matches.in_part)
    only = matches.found[0]
    subject = (find_entity if only.is_entity else find_filing)(connection, only.key)
    assert subject is not None, only
    return Found(subject, matches.in_part)


def _no_filing(connection: duckdb.DuckDBPyConnection, number: str) -> NoReturn:
    """Raises FilingsError, with what the number itself contains."""
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
            f"no filing held has the number {number}, but a notice cancelled it ({month}): "
            f"{algorithm}, {name}; {kind.replace('_', ' ')}"
        )
    entity = find_entity(connection, parts.entity_id)
    raise FilingsError(
        f"no filing has the number {number}",
        remedy=f"Its entity is {entity.row.entity_name}: `filings show {parts.entity_id}`"
        if entity
        else f"Nor has the entity {parts.entity_id} filed anything",
    )


def _nothing(connection: duckdb.DuckDBPyConnection, text: str) -> FilingsError:
    shown = " ".join(text.split())
    if matching_key(text).isdecimal():
        return FilingsError(
            f"no entity has the id {shown}, and no name holds it",
            remedy="An entity's id has seven digits, a filing number 21",
        )
    nearest = nearest_names(connection, text)
    return FilingsError(
        f"no algorithm, product or entity is called {shown}, in part or whole",
        remedy=f"Nearest: {', '.join(nearest)}" if nearest else None,
    )
