"""Feed entries for batches: the counts of each batch and its leading values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import cn2an
import duckdb
from lxml.builder import E

from orchestration.publication.feed.entry import (
    LEADING,
    Entry,
    counted,
    leading_by,
    midnight,
    select_records,
    to_html,
)

_SECTOR_NOTE = "Sector and technique are not official; the register has no such columns."

_BATCHES = """
    select batch_no, page_title, announced_on, filings, entities, new_entities, list_versions,
        retrieved_at, page_url, source_url
    from batches order by batch_no"""
_PROVINCES = """
    select batch_no, concat_ws(' ', province_name, province_name_en), filings, share
    from regions_by_batch where filings > 0 and province_code is not null
    qualify row_number() over (partition by batch_no order by filings desc, province_code) <= $1
    order by batch_no, filings desc, province_code"""
_SECTORS = """
    select batch_no, concat_ws(' ', sector_name_zh, sector), filings, share
    from sectors_by_batch where filings > 0
    qualify row_number() over (partition by batch_no order by filings desc, sector) <= $1
    order by batch_no, filings desc, sector"""
_TECHNIQUES = """
    select batch_no, modality_name_zh || ' ' || modality, filings, share
    from modalities_by_batch where filings > 0
        and side = 'technique' and modality in ('generative', 'multimodal')
    qualify row_number() over (partition by batch_no order by modality) <= $1
    order by batch_no, modality"""
_ENTITIES = """
    with counted as (
        select batch_no, entity_id, arg_min(entity_name, row_no) as name, count(*) as number
        from filings where list_status = 'listed'
        group by batch_no, entity_id having count(*) > 1
    )
    select batch_no, name, number, null from counted
    qualify row_number() over (partition by batch_no order by number desc, entity_id) <= $1
    order by batch_no, number desc, entity_id"""

_LEADING = {
    "Provinces": _PROVINCES,
    "Sectors": _SECTORS,
    "Techniques": _TECHNIQUES,
    "Most filings": _ENTITIES,
}


@dataclass(frozen=True)
class _Batch:
    batch_no: int
    page_title: str
    announced_on: date
    filings: int
    entities: int
    new_entities: int
    list_versions: int
    retrieved_at: datetime
    page_url: str
    source_url: str


def batch_entries(connection: duckdb.DuckDBPyConnection) -> Iterator[Entry]:
    """One entry per batch; an amended list updates its entry at the time of the last version."""
    found = {name: leading_by(connection, sql, LEADING) for name, sql in _LEADING.items()}
    for batch in select_records(connection, _Batch, _BATCHES):
        leading = {name: values.get(batch.batch_no, []) for name, values in found.items()}
        published = midnight(batch.announced_on)
        seen = batch.retrieved_at.replace(tzinfo=UTC, microsecond=0)
        counts = (
            f"{counted(batch.filings, 'filing')} by {counted(batch.entities, 'entity')}, "
            f"{batch.new_entities:,} of them new to the register"
        )
        ordinal = f"第{cn2an.an2cn(batch.batch_no)}批"
        yield Entry(
            key=batch.page_url,
            category="batch",
            title=f"{ordinal} · Batch {batch.batch_no}: {counted(batch.filings, 'filing')}",
            published=published,
            updated=seen if batch.list_versions > 1 else published,
            url=batch.page_url,
            lists=[batch.source_url],
            summary=f"{counts}. Provinces: {', '.join(leading['Provinces']) or 'none'}.",
            html=_batch_html(batch, counts, leading),
        )


def _batch_html(batch: _Batch, counts: str, leading: dict[str, list[str]]) -> str:
    items = [E.li(f"{name}: {'; '.join(texts)}") for name, texts in leading.items() if texts]
    parts = [
        E.p(E.a(batch.page_title, href=batch.page_url), f", {batch.announced_on}"),
        E.ul(E.li(E.a("List", href=batch.source_url), f": {counts}"), *items),
        E.p(_SECTOR_NOTE),
    ]
    if batch.list_versions > 1:
        versions = f"The archive has {batch.list_versions} versions of this list"
        fetched_on = f"{batch.retrieved_at:%Y-%m-%d}"
        parts.append(E.p(f"{versions}; these counts are of the one fetched on {fetched_on}."))
    return to_html(*parts)
