"""The entries of the feed: what a batch, or a cancellation notice, tells those who watch.

Texts of the register are data: they become text nodes of lxml, never markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import groupby

import cn2an
import duckdb
from lxml import etree
from lxml.builder import E

from orchestration.runtime.texts import harmless

LEADING = 5

_SHANGHAI = timezone(timedelta(hours=8))
_FORBIDDEN_IN_XML = re.compile("[\ufffe\uffff]")
_READINGS = "Sector and technique are readings of names and purposes, no columns of the register."

_BATCHES = """
    select batch_no, page_title, announced_on, filings, entities, new_entities, list_versions,
        retrieved_at, page_url, source_url
    from batches order by batch_no"""
_NOTICES = """
    select notice_id, notice_title, published_on, file_url, filing_number, algorithm_name,
        entity_name, match_status, batch_no, kind
    from cancellations order by notice_id, record_no"""
_PROVINCES = """
    select concat_ws(' ', province_name, province_name_en), filings, share
    from regions_by_batch where batch_no = ? and filings > 0
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


@dataclass(frozen=True)
class _Record:
    notice_id: str
    notice_title: str
    published_on: date
    file_url: str
    filing_number: str
    algorithm_name: str
    entity_name: str
    match_status: str
    batch_no: int | None
    kind: str


def batch_entries(connection: duckdb.DuckDBPyConnection) -> Iterator[Entry]:
    """An entry a batch; one whose list has several versions is updated when the last was seen."""
    for batch in [_Batch(*row) for row in _rows(connection, _BATCHES)]:
        leading = {
            "Provinces": _leading(connection, _PROVINCES, batch),
            "Sectors": _leading(connection, _SECTORS, batch),
            "Techniques": _leading(connection, _TECHNIQUES, batch),
            "Most filings": _leading(connection, _ENTITIES, batch),
        }
        published = _midnight(batch.announced_on)
        seen = batch.retrieved_at.replace(tzinfo=UTC, microsecond=0)
        counts = (
            f"{_count(batch.filings, 'filing')} by {_count(batch.entities, 'entity')}, "
            f"{batch.new_entities:,} of them in no earlier batch"
        )
        ordinal = f"第{cn2an.an2cn(batch.batch_no)}批"
        yield Entry(
            key=batch.page_url,
            category="batch",
            title=f"{ordinal} · Batch {batch.batch_no}: {_count(batch.filings, 'filing')}",
            published=published,
            updated=seen if batch.list_versions > 1 else published,
            url=batch.page_url,
            lists=[batch.source_url],
            summary=f"{counts}. Provinces: {', '.join(leading['Provinces']) or 'none'}.",
            html=_batch_html(batch, counts, leading),
        )


def notice_entries(connection: duckdb.DuckDBPyConnection) -> Iterator[Entry]:
    """An entry a cancellation notice, with what became of each number that it names."""
    found = [_Record(*row) for row in _rows(connection, _NOTICES)]
    for notice_id, group in groupby(found, key=lambda record: record.notice_id):
        records = list(group)
        notice = records[0]
        statuses = [record.match_status for record in records]
        matched, unlisted = statuses.count("matched"), statuses.count("not_listed")
        counts = (
            f"{_count(len(records), 'number')} cancelled: {matched + unlisted} of deep synthesis "
            f"({matched} matched to a filing, {unlisted} in none of the lists held), "
            f"{statuses.count('other_kind')} of other kinds"
        )
        published = _midnight(notice.published_on)
        yield Entry(
            key=notice_id,
            category="cancellation",
            title=f"{notice.notice_title} · {_count(len(records), 'number')} cancelled",
            published=published,
            updated=published,
            url=notice.file_url,
            lists=[],
            summary=f"{counts}.",
            html=_notice_html(notice, counts, records),
        )


def _batch_html(batch: _Batch, counts: str, leading: dict[str, list[str]]) -> str:
    items = [E.li(f"{name}: {'; '.join(texts)}") for name, texts in leading.items() if texts]
    parts = [
        E.p(E.a(batch.page_title, href=batch.page_url), f", {batch.announced_on}"),
        E.ul(E.li(E.a("List", href=batch.source_url), f": {counts}"), *items),
        E.p(_READINGS),
    ]
    if batch.list_versions > 1:
        versions = f"{batch.list_versions} versions of the list are in the archive"
        parts.append(E.p(f"{versions}; this is the one fetched on {batch.retrieved_at:%Y-%m-%d}."))
    return _html(*parts)


def _notice_html(notice: _Record, counts: str, records: Sequence[_Record]) -> str:
    heading = E.tr(*(E.th(name) for name in ("number", "algorithm", "entity", "in the register")))
    rows = [
        E.tr(
            E.td(record.filing_number),
            E.td(record.algorithm_name),
            E.td(record.entity_name),
            E.td(_standing(record)),
        )
        for record in records
    ]
    title = E.a(notice.notice_title, href=notice.file_url)
    return _html(E.p(title, f", {notice.published_on}"), E.p(counts), E.table(heading, *rows))


def _standing(record: _Record) -> str:
    if record.match_status == "matched":
        return f"batch {record.batch_no}"
    is_other = record.match_status == "other_kind"
    return f"other kind: {record.kind}".replace("_", " ") if is_other else "in none of the lists"


def _leading(connection: duckdb.DuckDBPyConnection, sql: str, batch: _Batch) -> list[str]:
    """What a query finds most of in a batch, each with filings and, where it has one, share."""
    return [
        f"{name} {filings:,}" + ("" if share is None else f" ({100 * share:.1f} %)")
        for name, filings, share in _rows(connection, sql, batch.batch_no, LEADING)
    ]


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, *values: object
) -> list[tuple[object, ...]]:
    """Rows whose texts XML can hold, with U+FFFD for each sign that acts."""
    rows = connection.execute(sql, list(values)).fetchall()
    return [
        tuple(_text(value) if isinstance(value, str) else value for value in row) for row in rows
    ]


def _text(text: str) -> str:
    return _FORBIDDEN_IN_XML.sub("\ufffd", harmless(text))


def _html(*parts: etree._Element) -> str:
    return "".join(etree.tostring(part, encoding="unicode", method="html") for part in parts)


def _midnight(day: date) -> datetime:
    """The beginning of a day of the source, which gives no time."""
    return datetime.combine(day, time(), _SHANGHAI)


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
