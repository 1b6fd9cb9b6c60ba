"""Search for the names of companies, algorithms, services and products, with former names."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.cli.show.named import Named, all_named
from scrapers.fields.text_keys import matching_key

NEAREST = 5
_LEAST_LIKENESS = 0.7


@dataclass(frozen=True)
class Matches:
    """The companies and registrations whose names match a text, each once.

    Exact matches take precedence; `in_part` counts the partial matches that were left out.
    """

    found: tuple[Named, ...]
    in_part: int = 0


def find_names(
    connection: duckdb.DuckDBPyConnection, text: str, *, include_partial: bool
) -> Matches:
    """Companies and registrations with the name `text`, ignoring width, case and spacing.

    Names that only contain `text` count if there is no exact match, or if `include_partial` is set.
    """
    wanted = _key(text)
    holding = [(item, _key(item.name)) for item in all_named(connection)]
    holding = [(item, key) for item, key in holding if wanted in key]
    everything = _once(item for item, _ in holding)
    exact = _once(item for item, key in holding if key == wanted)
    if include_partial or not exact:
        return Matches(everything)
    return Matches(exact, len(everything) - len(exact))


def nearest_names(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """The names most similar to `text`, best first; empty if none is similar."""
    names = [item.name for item in all_named(connection)]
    rows = connection.execute(
        "select name, jaro_winkler_similarity(lower(name), lower(?)) as likeness "
        "from (select distinct unnest(?::varchar[]) as name) where likeness >= ? "
        "order by likeness desc, name limit ?",
        [matching_key(text), names, _LEAST_LIKENESS, NEAREST],
    ).fetchall()
    return [name for name, _ in rows]


def _once(items: Iterable[Named]) -> tuple[Named, ...]:
    """Each company or registration once, with the first of its matching names."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(item.key, item)
    return tuple(found.values())


def _key(text: str) -> str:
    return matching_key(text).casefold()
