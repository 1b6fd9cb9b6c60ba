"""The whole register for the search: registrations, companies and events, column by column."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.publication.report.figures import Row, measure
from orchestration.publication.report.search.latin_names import LATIN_NAMES
from orchestration.publication.report.search.readings import readings
from scrapers.fields.text_keys import matching_key
from scrapers.registers import REGISTERS

# Columns of the query that repeat for every registration of a list or a place.
_SHARED = ("page_url", "source_url", "province_name_en", "city_name_en")
_COMPANY = ("registrant_id", "entity_name")


def register_data(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """All registrations, companies and events of a release.

    `registrations`, `companies` and `events` are {column: values}. `registrations.company` and
    `events.registration` are positions in the other two; `registrations.source` is one in
    `sources`, which has the page and the file of each list. `places` has English names.
    """
    registrations = measure(connection, "search_registrations")
    companies = measure(connection, "search_companies")
    events = measure(connection, "search_events")
    groups = _groups(connection)
    at = {(row["register"], row["number"]): position for position, row in enumerate(registrations)}
    sources = list(dict.fromkeys((row["page_url"], row["source_url"]) for row in registrations))
    company_at = _positions(row["registrant_id"] for row in companies)
    source_at = _positions(sources)
    # A list can still have a row that counts in another register, and is not a registration then.
    kept = [row for row in events if (row["register"], row["number"]) in at]
    columns = _columns(registrations, without={*_SHARED, *_COMPANY})
    return {
        "registrations": columns
        | {
            "company": [company_at[row["registrant_id"]] for row in registrations],
            # The list's own spelling of the company, if it is another one.
            "entity_name": [
                None if row["entity_name"] == company["entity_name"] else row["entity_name"]
                for row in registrations
                for company in [companies[company_at[row["registrant_id"]]]]
            ],
            "source": [source_at[row["page_url"], row["source_url"]] for row in registrations],
        },
        "companies": _columns(companies, without={"names"})
        | {
            "names": [_other_names(row["entity_name"], row["names"] or []) for row in companies],
            # In Chinese and in English, or null.
            "group": [groups.get(row["registrant_id"]) for row in companies],
        },
        "events": _columns(kept, without={"register", "number"})
        | {"registration": [at[row["register"], row["number"]] for row in kept]},
        "sources": sources,
        "registers": [register.name for register in REGISTERS],
        "places": _places(registrations),
        "latin": LATIN_NAMES,
        "readings": readings(_texts(registrations, companies, events)),
    }


def _groups(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """{registrant: its corporate group in Chinese and in English}."""
    rows = measure(connection, "search_groups")
    return {row["registrant_id"]: (row["group_name"], row["group_name_en"]) for row in rows}


def _columns(rows: Sequence[Row], without: set[str]) -> dict[str, list[Any]]:
    names = [name for name in rows[0] if name not in without] if rows else []
    return {name: [row[name] for row in rows] for name in names}


def _positions(values: Iterable[Any]) -> Mapping[Any, int]:
    return {value: position for position, value in enumerate(values)}


def _other_names(name: str, names: Sequence[str]) -> list[str]:
    """The other names of a company, each once; widths and brackets do not make a name another."""
    different = {matching_key(name): name}
    for other in names:
        different.setdefault(matching_key(other), other)
    return list(different.values())[1:]


def _places(registrations: Sequence[Row]) -> dict[str, str]:
    pairs = {
        (row[column], row[f"{column}_en"])
        for row in registrations
        for column in ("province_name", "city_name")
        if row[column] and row[f"{column}_en"]
    }
    return dict(sorted(pairs))


def _texts(*tables: Sequence[Row]) -> Iterable[str]:
    """The texts in which a reader may look for pinyin."""
    searched = ("name", "entity_name", "products", "old_value", "new_value")
    for rows in tables:
        for row in rows:
            yield from (row[column] for column in searched if row.get(column))
            yield from row.get("names") or []
