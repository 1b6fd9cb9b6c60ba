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
    midnight,
    select_records,
    select_rows,
    to_html,
    with_shares,
)

_SECTOR_NOTE = "Sector and technique are not official; the register has no such columns."

_BATCHES = """
    select batch_no, page_title, announced_on, filings, entities, new_entities, list_versions,
        retrieved_at, page_url, source_url
    from batches order by batch_no"""
_PROVINCES = """
    select concat_ws(' ', province_name, province_name_en), filings, share
    from regions_by_batch where batch_no = ? and filings > 0 and province_code is not null
    order by filings desc, province_code limit ?"""
_SECTORS = """
    select concat_ws(' ', sector_name_zh, sector), filings, share
    from sectors_by_batch where batch_no = ? and filings > 0
    order by filings desc, sector limit ?"""
_TECHNIQUES = """
    select modality_name_zh || ' ' || modality, filings, share
    from modalities_by_batch where batch_no = ? and filings > 0
        and side = 'technique' and modality in ('generative', 'multimodal')
    order by modality limit ?"""
_ENTITIES = """
    select arg_min(entity_name, row_no), count(*) as filings, null
    from filings where batch_no = ? and list_status = 'listed'
    group by entity_id having filings > 1 order by filings desc, entity_id limit ?"""


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
    for batch in select_records(connection, _Batch, _BATCHES):
        leading = {
            "Provinces": _leading(connection, _PROVINCES, batch),
            "Sectors": _leading(connection, _SECTORS, batch),
            "Techniques": _leading(connection, _TECHNIQUES, batch),
            "Most filings": _leading(connection, _ENTITIES, batch),
        }
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


def _leading(connection: duckdb.DuckDBPyConnection, sql: str, batch: _Batch) -> list[str]:
    """The leading values of a batch by a query, with the filings and, if known, their share."""
    return with_shares(select_rows(connection, sql, batch.batch_no, LEADING))
