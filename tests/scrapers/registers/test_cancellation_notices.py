"""Cancellation notices: discovered on the notice list and in the archive, and fetched."""

from dataclasses import replace
from datetime import date

import pytest

from scrapers.archive.documents import ArchivedDocument
from scrapers.archive.store import Archive
from scrapers.errors import DocumentError, FilingsError
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Document
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.fetching import fetch_document
from scrapers.replica.facts import CancellationFact
from scrapers.replica.wording import printed_number
from tests.scrapers.registers.discovery.notice_factories import (
    make_answer,
    make_batch_notice,
    make_cancellation,
    page_url,
)
from tests.scrapers.registers.fetches import SMALL
from tests.scrapers.registers.scripted import Reply, scripted
from tests.support.docx_builder import make_docx, row, table
from tests.support.loopback import (
    corrupt,
    document_instead,
    empty_body,
    firewall_page,
    html_instead,
    status,
)
from tests.support.tables import read_cancellations

HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "注销时间")
FILES = "/api/file/fileDownLoad"


def known(session: PoliteSession, archive: Archive) -> list[Document]:
    archived = CANCELLATION_NOTICES.archived(archive)
    return list(CANCELLATION_NOTICES.discover(session, archived).documents.values())


def fetch_cancellation(
    session: PoliteSession, notice: Document, archive: Archive
) -> ArchivedDocument:
    return fetch_document(session, CANCELLATION_NOTICES, notice, archive)


def folder_of(notice: Document) -> str:
    return CANCELLATION_NOTICES.folder(notice.key)


def records(notice_id: str) -> list[CancellationFact]:
    return [fact for fact in SMALL.cancellations if fact.notice_id == notice_id]


def test_fetched_notices_contain_all_records(session, archive):
    by_length = sorted(known(session, archive), key=lambda item: len(records(item.key)))
    for notice in (by_length[0], by_length[-1]):
        archived = fetch_cancellation(session, notice, archive)
        assert archived.is_new and archived.table
        assert [
            (r["position"], r["algorithm_name"], r["role"], r["entity_name"], r["products"],
             r["filing_number"], r["cancelled_month"])
            for r in archived.table.rows
        ] == [
            (str(n), f.algorithm_name, f.role, f.entity_name, f.products,
             printed_number(f.filing_number), f.cancelled_month)
            for n, f in enumerate(records(notice.key), 1)
        ]  # fmt: skip


def test_discovery_reports_invalid_cancellations_only():
    batches = (make_batch_notice("第二批", page_url(2)), make_batch_notice("第十十批", page_url(3)))
    answer = make_answer(*batches, make_cancellation("n1"), make_cancellation(""))
    session, _, _ = scripted(Reply(body=answer))
    found = CANCELLATION_NOTICES.discover(session, {})
    assert list(found.documents) == ["n1"] and found.snapshot is None
    (problem,) = found.alarms
    assert "has no noticeId" in str(problem)


def test_notices_are_ordered_by_date(session, archive):
    days = [notice.published_on for notice in known(session, archive)]
    assert days == sorted(days) and len(set(days)) == 7


def test_unchanged_notice_is_not_new(session, archive):
    notice = known(session, archive)[1]
    assert fetch_cancellation(session, notice, archive).is_new
    again = fetch_cancellation(session, notice, archive)
    assert not again.is_new and again.table is None
    assert len(archive.versions(folder_of(notice), "cancellation")) == 1


def test_archived_notice_is_discovered_after_list_drops_it(sites, session, archive):
    before = known(session, archive)
    for notice in before[:2]:
        fetch_cancellation(session, notice, archive)
    sites.register = replace(SMALL, cancellations=tuple(records(before[5].key)))
    forgotten = [replace(notice, is_listed=False) for notice in before[:2]]
    assert known(session, archive) == [*forgotten, before[5]]


def test_listed_title_and_date_take_precedence_over_archived_ones(sites, session, archive):
    notice = known(session, archive)[0]
    fetch_cancellation(session, notice, archive)
    corrected = {"title": f"{notice.title}（更正）", "notice_date": date(2020, 1, 2)}
    sites.register = replace(
        SMALL,
        cancellations=tuple(
            replace(fact, **corrected) if fact.notice_id == notice.key else fact
            for fact in SMALL.cancellations
        ),
    )
    listed = known(session, archive)[0]
    assert (listed.key, listed.title) == (notice.key, corrected["title"])
    assert (listed.published_on, listed.is_listed) == (date(2020, 1, 2), True)
    assert fetch_cancellation(session, listed, archive).is_new


@pytest.mark.parametrize("is_listed", [True, False])
def test_missing_file_is_reported_only_while_notice_is_listed(sites, session, archive, is_listed):
    notice = known(session, archive)[0]
    first = fetch_cancellation(session, notice, archive)
    sites.break_with(FILES, status(404))
    again = fetch_cancellation(session, replace(notice, is_listed=is_listed), archive)
    assert (again.version, again.is_new) == (first.version, False)
    assert ("status 404" in again.gone) if is_listed else again.gone is None


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (firewall_page(), "challenge page"),
        (html_instead("<p>请求被创宇盾拦截</p>"), "知道创宇云防御"),
        (empty_body(), "empty response"),
        (html_instead(), "an HTML page instead of a document"),
        (corrupt, "pdf"),
        (document_instead(b"%PDF-1.4 nothing"), "damaged or protected .pdf"),
        (status(404), "status 404"),
    ],
)
def test_error_names_notice_and_url_and_archives_nothing(sites, session, archive, fault, message):
    notice = known(session, archive)[0]
    sites.break_with(FILES, fault)
    with pytest.raises(FilingsError) as caught:
        fetch_cancellation(session, notice, archive)
    assert all(part in str(caught.value) for part in (message, notice.url, f"notice {notice.key}"))
    assert archive.versions(folder_of(notice), "cancellation") == []


def test_unreadable_notice_is_archived_as_rejected(sites, session, archive):
    notice = known(session, archive)[0]
    sites.break_with(FILES, document_instead(b"%PDF-1.4 nothing"))
    with pytest.raises(DocumentError):
        fetch_cancellation(session, notice, archive)
    (rejected,) = archive.versions(folder_of(notice), "rejected")
    assert archive.read(rejected) == b"%PDF-1.4 nothing"
    assert rejected.facts.title == notice.title


def test_line_breaks_in_cells_are_removed():
    cells = (
        "1",
        "甲\n算法",
        "服务提供\n者",
        "公司",
        "--",
        "用途",
        printed_number("1" * 21),
        "2025年\n7月",
    )
    (record,) = read_cancellations(make_docx(table(row(*HEADINGS), row(*cells)))).rows
    assert (record["algorithm_name"], record["role"]) == ("甲算法", "服务提供者")
    assert record["cancelled_month"] == "2025年7月"


def test_filing_list_is_refused_as_notice():
    with pytest.raises(DocumentError, match="unknown heading 备注"):
        read_cancellations(make_docx(table(row(*HEADINGS[:-1], "备注"), row(*["x"] * 8))))
