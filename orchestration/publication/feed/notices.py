"""Feed entries for cancellation notices: each cancelled number and its filing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb
from lxml.builder import E

from orchestration.publication.feed.entry import Entry, counted, midnight, select_records, to_html

_NOTICES = """
    select notice_id, notice_title, published_on, file_url, filing_number, algorithm_name,
        entity_name, match_status, batch_no, kind
    from cancellations order by notice_id, record_no"""


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


def notice_entries(connection: duckdb.DuckDBPyConnection) -> Iterator[Entry]:
    """One entry per cancellation notice, with every number that it cancels."""
    found = select_records(connection, _Record, _NOTICES)
    for notice_id, group in groupby(found, key=lambda record: record.notice_id):
        records = list(group)
        notice = records[0]
        statuses = [record.match_status for record in records]
        matched, unlisted = statuses.count("matched"), statuses.count("not_listed")
        counts = (
            f"{counted(len(records), 'number')} cancelled: {matched + unlisted} for deep synthesis "
            f"({matched} matched to a filing, {unlisted} not in any list), "
            f"{statuses.count('other_kind')} for other kinds of algorithm"
        )
        published = midnight(notice.published_on)
        yield Entry(
            key=notice_id,
            category="cancellation",
            title=f"{notice.notice_title} · {counted(len(records), 'number')} cancelled",
            published=published,
            updated=published,
            url=notice.file_url,
            lists=[],
            summary=f"{counts}.",
            html=_notice_html(notice, counts, records),
        )


def _notice_html(notice: _Record, counts: str, records: Sequence[_Record]) -> str:
    heading = E.tr(*(E.th(name) for name in ("number", "algorithm", "entity", "filing")))
    rows = [
        E.tr(
            E.td(record.filing_number),
            E.td(record.algorithm_name),
            E.td(record.entity_name),
            E.td(_match_text(record)),
        )
        for record in records
    ]
    title = E.a(notice.notice_title, href=notice.file_url)
    return to_html(E.p(title, f", {notice.published_on}"), E.p(counts), E.table(heading, *rows))


def _match_text(record: _Record) -> str:
    if record.match_status == "matched":
        return f"batch {record.batch_no}"
    is_other = record.match_status == "other_kind"
    return f"other kind: {record.kind}".replace("_", " ") if is_other else "not in any list"
