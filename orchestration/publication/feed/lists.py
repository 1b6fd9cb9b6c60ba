"""Feed entries for the lists of registers without batches: counts and leading values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
from lxml.builder import E

from orchestration.publication.feed.entry import (
    LEADING,
    Entry,
    counted,
    leading_by,
    midnight,
    select_records,
    select_rows,
    to_html,
)
from orchestration.publication.registers import compared_marts, title_of
from orchestration.warehouse.compared import Compared
from orchestration.warehouse.marts import Mart

_SECTOR_NOTE = "Sectors are derived from the texts; the register has no such column."

# The listed rows of a register, with what is known of each number in any register.
_LISTED = """
    create or replace temp table listed as
        select rows."{document}" as document, rows."{feed_month}" as month, rows.list_version,
            rows.source_url, rows.entity_name, known.registrant_id, known.province_name,
            known.province_name_en, known.sector,
            min(rows."{document}") over (partition by known.registrant_id) as first_document
        from "{mart}" as rows
        join registrations as known on known.number = rows."{key}"
        where rows.list_status = 'listed'"""
_LISTS = """
    select document, any_value(month) as month, count(*) as rows,
        count(distinct registrant_id) as entities,
        count(distinct registrant_id) filter (document = first_document) as new_entities,
        arg_max(source_url, list_version) as source_url
    from listed group by document order by document"""
_PROVINCES = """
    with counted as (
        select document, concat_ws(' ', province_name, province_name_en) as name,
            count(*) as number
        from listed where province_name is not null group by document, name
    )
    select document, name, number, number / rows from counted
    join (select document, count(*) as rows from listed group by document) using (document)
    qualify row_number() over (partition by document order by number desc, name) <= $1
    order by document, number desc, name"""
_SECTORS = """
    with counted as (
        select document, concat_ws(' ', sector_name_zh, sector) as name, count(*) as number
        from listed
        join (select distinct sector, sector_name_zh from sectors_by_register) using (sector)
        group by document, name
    )
    select document, name, number, number / rows from counted
    join (select document, count(*) as rows from listed group by document) using (document)
    qualify row_number() over (partition by document order by number desc, name) <= $1
    order by document, number desc, name"""
_ENTITIES = """
    with counted as (
        select document, registrant_id, min(entity_name) as name, count(*) as number
        from listed group by document, registrant_id having count(*) > 1
    )
    select document, name, number, null from counted
    qualify row_number() over (partition by document order by number desc, registrant_id) <= $1
    order by document, number desc, registrant_id"""
# Rows that move to another list do not amend this one.
_AMENDED = """
    select document_key, max(moment)
    from (
        select document_key, valid_from as moment from filing_versions
        where register = $1 and started_as <> 'moved'
        union
        select document_key, valid_to from filing_versions
        where register = $1 and valid_to is not null and ended_as <> 'moved'
    )
    group by document_key having count(*) > 1"""


@dataclass(frozen=True)
class _List:
    document: str
    month: str
    rows: int
    entities: int
    new_entities: int
    source_url: str


def list_entries(connection: duckdb.DuckDBPyConnection, marts: Iterable[Mart]) -> Iterator[Entry]:
    """One entry per list of each register that declares `feed_month`.

    The source does not date its lists, so an entry is dated by the month in the title of its list.
    An amended list updates its entry at the time when the archive saw the last change.
    """
    for mart, compared in compared_marts(marts):
        if compared.feed_month:
            yield from _entries(connection, mart, compared)


def _entries(
    connection: duckdb.DuckDBPyConnection, mart: str, compared: Compared
) -> Iterator[Entry]:
    connection.execute(
        _LISTED.format(
            document=compared.document, feed_month=compared.feed_month, key=compared.key, mart=mart
        )
    )
    found = {
        "Provinces": leading_by(connection, _PROVINCES, LEADING),
        "Sectors": leading_by(connection, _SECTORS, LEADING),
        f"Most {compared.rows.many}": leading_by(connection, _ENTITIES, LEADING),
    }
    amended = dict(select_rows(connection, _AMENDED, compared.register))
    for item in select_records(connection, _List, _LISTS):
        leading = {name: values.get(item.document, []) for name, values in found.items()}
        key = compared.document_key(item.document)
        yield _entry(compared, item, key, leading, amended.get(key))


def _entry(
    compared: Compared,
    item: _List,
    key: str,
    leading: Mapping[str, list[str]],
    amended_at: datetime | None,
) -> Entry:
    title = title_of(compared.register)
    first_day = date.fromisoformat(f"{item.month}-01")
    rows = compared.rows.counted(item.rows)
    counts = (
        f"{rows} by {counted(item.entities, 'entity')}, "
        f"{item.new_entities:,} of them new to the register"
    )
    published = midnight(first_day)
    name = f"{title.en}, {compared.documents.one} {item.document}"
    return Entry(
        key=f"{compared.register}/{key}",
        category="list",
        title=f"{title.zh}（{first_day.year}年{first_day.month}月） · {name}: {rows}",
        published=published,
        updated=amended_at.replace(tzinfo=UTC, microsecond=0) if amended_at else published,
        url=item.source_url,
        lists=[item.source_url],
        summary=f"{counts}. Provinces: {', '.join(leading['Provinces']) or 'none'}. "
        "The list states its month only, so the entry is dated by the first day of it.",
        html=_html(item, name, counts, leading, amended_at),
    )


def _html(
    item: _List,
    name: str,
    counts: str,
    leading: Mapping[str, list[str]],
    amended_at: datetime | None,
) -> str:
    items = [E.li(f"{heading}: {'; '.join(texts)}") for heading, texts in leading.items() if texts]
    parts = [
        E.p(E.a(name, href=item.source_url)),
        E.ul(E.li(counts), *items),
        E.p(_SECTOR_NOTE),
    ]
    if amended_at:
        seen_on = f"{amended_at:%Y-%m-%d}"
        parts.append(E.p(f"The list was amended; the last change was seen on {seen_on}."))
    return to_html(*parts)
