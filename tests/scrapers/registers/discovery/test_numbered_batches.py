"""Fetching of a batch: its pages, the attached list, and several pages that differ."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from scrapers.archive.prior_state import NOTHING_KNOWN, PriorState
from scrapers.errors import (
    FetchError,
    FilingsError,
    FirewallError,
    HeldBackError,
    NotFoundError,
    TransientFetchError,
)
from scrapers.registers.base import Document
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.discovery.numbered_batches import MAX_PAGE_BYTES, fetch_announced_list
from scrapers.replica.docx import list_docx
from scrapers.replica.pages import attachment_path
from scrapers.replica.site import Answer
from tests.scrapers.archive.list_documents import make_list_document
from tests.scrapers.registers.fetches import BATCH, SMALL, announcement, fetch_list
from tests.scrapers.registers.scripted import Reply, scripted
from tests.support.loopback import (
    amend,
    corrupt,
    document_instead,
    firewall_page,
    html_instead,
    status,
    with_second_address,
)


def test_requests_have_referer_on_their_own_host(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    asked = [(urlsplit(r.path).path, r.headers["Referer"]) for r in sites.log]
    page = sites.page_path(BATCH)
    assert asked == [
        ("/api/notice/list", f"{sites.beian_url}/"),
        (page, f"{sites.cac_url}/"),
        ("/cms/pub/interact/downloadfile.jsp", sites.cac_url + page),
    ]


def with_badge(answer: Answer) -> Answer:
    badge = '<img src="https://www.yunaq.com/x.png" alt="知道创宇云防御"></body>'
    body = answer.body.decode().replace("</body>", badge)
    headers = {**answer.headers, "X-Via-JSL": "40fe3b1,-", "Set-Cookie": "__jsluid_s=a; path=/"}
    return replace(answer, body=body.encode(), headers=headers)


def test_page_with_firewall_badge_is_accepted(sites, session, archive):
    sites.break_with(sites.page_path(BATCH), with_badge)
    assert fetch_list(session, announcement(session), archive).is_new


@pytest.mark.parametrize("where", ["page_path", "attachment_path"])
def test_firewall_page_instead_of_page_or_list_is_an_error(sites, session, archive, where):
    denied = html_instead("<title>访问被拦截</title><p>请求被创宇盾拦截</p>")
    found = announcement(session)
    sites.break_with(getattr(sites, where)(BATCH), denied)
    with pytest.raises(FirewallError, match=r"知道创宇云防御.*titled '访问被拦截'"):
        fetch_list(session, found, archive)


def test_page_with_invalid_title_is_archived_as_rejected(sites, session, archive):
    found = announcement(session)
    sites.break_with(sites.page_path(BATCH), _of_two_batches)
    with pytest.raises(FilingsError, match="more than one batch"):
        fetch_list(session, found, archive)
    (rejected,) = archive.versions("002", "rejected")
    assert "第三批" in archive.read(rejected).decode()


def _of_two_batches(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace("第二批".encode(), "第二批和第三批".encode()))


def test_links_are_resolved_against_redirected_page(sites, session, archive):
    found = announcement(session)
    there = "/2023-09/01/c_9.htm"
    page = sites.answer("cac", "GET", sites.page_path(BATCH), {"Referer": "/"})
    sites.break_with(sites.page_path(BATCH), Answer(302, {"Location": there}, b""))
    sites.break_with(there, page)
    listed = fetch_list(session, found, archive)
    assert sites.log[-1].headers["Referer"] == sites.cac_url + there
    assert listed.version.facts.page_url == found.page_urls[0]


def test_second_page_is_used_if_first_is_missing(sites, session, archive):
    sites.register = with_second_address(SMALL, BATCH)
    found = announcement(session)
    first, second = found.page_urls
    sites.break_with(first.removeprefix(sites.cac_url), status(404))
    listed = fetch_list(session, found, archive)
    assert listed.version.facts.page_url == second


@pytest.mark.parametrize("fault", [status(503), firewall_page(), html_instead()])
def test_second_page_is_used_if_first_is_unreadable(sites, session, archive, fault):
    sites.register = with_second_address(SMALL, BATCH)
    found = announcement(session)
    first, second = found.page_urls
    sites.break_with(first.removeprefix(sites.cac_url), fault)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts.page_url == second
    assert len(listed.remarks) == 1 and first in listed.remarks[0]


def another_list_at(sites, register):
    """Give the batch a second page, which links to the list of this register."""
    sites.register = with_second_address(SMALL, BATCH)
    second = sites.register.announcements[-1]
    document = list_docx(BATCH, second.list_month, register.filings[BATCH])
    sites.break_with(attachment_path(second), document_instead(document))


def test_different_lists_are_held_back_and_archived_until_approved(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    number = SMALL.filings[BATCH][0].filing_number
    another_list_at(sites, amend(SMALL, BATCH, number, products="新产品（APP）"))
    found = announcement(session)
    for _ in range(2):
        with pytest.raises(HeldBackError, match=r"2 pages .* link to different lists") as caught:
            fetch_list(session, found, archive)
    (kept,) = archive.versions("002", "rejected")
    assert kept.sha256 in str(caught.value)
    assert all(url in str(caught.value) for url in found.page_urls)
    assert len(archive.versions("002", "list")) == 1
    approved = PriorState(approved={kept.sha256})
    assert fetch_list(session, found, archive, approved).version.sha256 == kept.sha256


def test_lists_with_equal_tables_are_accepted(sites, session, archive):
    sites.register = with_second_address(SMALL, BATCH)
    second = sites.register.announcements[-1]
    printed = [replace(row, position=str(n)) for n, row in enumerate(SMALL.filings[BATCH], 1)]
    document = list_docx(BATCH, second.list_month, printed)
    sites.break_with(attachment_path(second), document_instead(document))
    found = announcement(session)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts.page_url == found.page_urls[0] and listed.remarks == ()


def test_second_list_is_used_if_first_is_unreadable(sites, session, archive):
    sites.register = with_second_address(SMALL, BATCH)
    sites.break_with(sites.attachment_path(BATCH), corrupt)
    found = announcement(session)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts.page_url == found.page_urls[1]
    assert "a damaged .docx file" in listed.remarks[0]
    (rejected,) = archive.versions("002", "rejected")
    assert rejected.facts.problem and "a damaged .docx file" in rejected.facts.problem


def test_batch_is_not_found_if_all_pages_are_missing(sites, session, archive):
    sites.register = with_second_address(SMALL, BATCH)
    found = announcement(session)
    sites.break_with(lambda path: path.endswith(".htm"), status(404))
    with pytest.raises(NotFoundError, match="batch 002"):
        fetch_list(session, found, archive)


TWO_PAGES = Document("002", page_urls=("https://cac.test/1.htm", "https://cac.test/2.htm"))
PAGE = (
    "<h1>关于发布第二批深度合成服务算法备案信息的公告</h1>"
    '<a href="/list?filepath=a">境内深度合成服务算法备案清单（2023年8月）</a>'
).encode()


def test_list_linked_from_two_pages_is_fetched_once(archive):
    session, script, _ = scripted(Reply(body=PAGE), Reply(body=b"list"), Reply(body=PAGE))
    found = fetch_announced_list(session, DEEP_SYNTHESIS, TWO_PAGES, archive, NOTHING_KNOWN)
    assert found.answer.content == b"list" and len(script.requests) == 3
    assert found.facts.page_url == TWO_PAGES.page_urls[0]


def test_page_is_archived_only_when_its_content_changes(archive):
    document = replace(TWO_PAGES, page_urls=TWO_PAGES.page_urls[:1])
    changed = PAGE.replace("2023年8月".encode(), "2023年9月".encode())
    for page in (PAGE, PAGE + b"<p>visits: 7</p>", changed):
        session, _, _ = scripted(Reply(body=page), Reply(body=b"list"))
        fetch_announced_list(session, DEEP_SYNTHESIS, document, archive, NOTHING_KNOWN)
    assert [archive.read(item) for item in archive.versions("002", "page")] == [PAGE, changed]


def test_first_of_two_unreadable_lists_is_returned(archive):
    other = Reply(body=PAGE.replace(b"filepath=a", b"filepath=b"))
    session, _, _ = scripted(Reply(body=PAGE), Reply(body=b"1"), other, Reply(body=b"2"))
    found = fetch_announced_list(session, DEEP_SYNTHESIS, TWO_PAGES, archive, NOTHING_KNOWN)
    assert found.answer.content == b"1" and len(found.remarks) == 2


@pytest.mark.parametrize("replies", [(Reply(404), Reply(503)), (Reply(503), Reply(404))])
def test_batch_with_one_missing_and_one_busy_page_is_not_missing(archive, replies):
    session, _, _ = scripted(*replies, attempts=1)
    with pytest.raises(TransientFetchError, match="status 503"):
        fetch_announced_list(session, DEEP_SYNTHESIS, TWO_PAGES, archive, NOTHING_KNOWN)


@pytest.mark.parametrize("month", ["2023年8月", "2023年9月"])
def test_same_list_with_different_months_is_held_back(archive, month):
    other = PAGE.replace(b"filepath=a", b"filepath=b").replace("2023年8月".encode(), month.encode())
    listed = Reply(body=make_list_document())
    session, _, _ = scripted(Reply(body=PAGE), listed, Reply(body=other), listed)
    arguments = (session, DEEP_SYNTHESIS, TWO_PAGES, archive, NOTHING_KNOWN)
    if month == "2023年8月":
        assert fetch_announced_list(*arguments).facts.month == "2023-08"
    else:
        with pytest.raises(HeldBackError, match=r"list of 2023-08.*list of 2023-09"):
            fetch_announced_list(*arguments)


def test_page_and_its_size_are_checked_before_parsing(archive):
    large = PAGE + b" " * MAX_PAGE_BYTES
    denied = "<p>请求被创宇盾拦截</p>".encode()
    session, _, _ = scripted(
        Reply(body=large), Reply(body=denied), attempts=1, max_bytes=2 * MAX_PAGE_BYTES
    )
    with pytest.raises(FetchError, match="larger than 1,048,576 bytes"):
        fetch_announced_list(session, DEEP_SYNTHESIS, TWO_PAGES, archive, NOTHING_KNOWN)
    assert archive.folders() == []


def test_page_is_decoded_by_its_content_type(archive):
    page = Reply(
        body=PAGE.decode().encode("utf-16-le"), headers={"Content-Type": "a; charset=utf-16le"}
    )
    session, _, _ = scripted(page, Reply(body=b"list"))
    document = replace(TWO_PAGES, page_urls=TWO_PAGES.page_urls[:1])
    found = fetch_announced_list(session, DEEP_SYNTHESIS, document, archive, NOTHING_KNOWN)
    assert found.facts.month == "2023-08"


def test_page_of_another_batch_is_refused(sites, session, archive):
    wrong = replace(announcement(session), page_urls=(sites.cac_url + sites.page_path(1),))
    with pytest.raises(FilingsError, match=r"the page is that of batch 1 .*\[batch 002, .*htm\]"):
        fetch_list(session, wrong, archive)
    assert not (archive.root / "002").exists()
