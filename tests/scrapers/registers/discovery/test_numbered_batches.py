"""Fetching of a batch: its pages, the attached list, and several pages that differ."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from scrapers.archive.prior_state import PriorState
from scrapers.errors import FilingsError, FirewallError, HeldBackError, NotFoundError
from scrapers.replica.docx import list_docx
from scrapers.replica.pages import attachment_path
from scrapers.replica.site import Answer
from tests.scrapers.registers.fetches import BATCH, SMALL, announcement, fetch_list
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
    fetch_list(session, found, archive)
    assert sites.log[-1].headers["Referer"] == sites.cac_url + there


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


def test_batch_is_not_found_if_all_pages_are_missing(sites, session, archive):
    sites.register = with_second_address(SMALL, BATCH)
    found = announcement(session)
    sites.break_with(lambda path: path.endswith(".htm"), status(404))
    with pytest.raises(NotFoundError, match="batch 002"):
        fetch_list(session, found, archive)


def test_page_of_another_batch_is_refused(sites, session, archive):
    wrong = replace(announcement(session), page_urls=(sites.cac_url + sites.page_path(1),))
    with pytest.raises(FilingsError, match=r"the page is that of batch 1 .*\[batch 002, .*htm\]"):
        fetch_list(session, wrong, archive)
    assert not (archive.root / "002").exists()
