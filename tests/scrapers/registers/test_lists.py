"""A batch from its announcement to the archive, over HTTP, with everything that can go wrong."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scrapers.archive.prior_state import Background
from scrapers.archive.store import Archive
from scrapers.errors import FilingsError, FirewallError, HeldBackError, NotFoundError
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers.discovery.notice_list import (
    Announcement,
    NoticeList,
    announced,
    fetch_notices,
)
from scrapers.registers.lists import archive_notices, archived_announcements, fetch_list
from scrapers.replica.docx import list_docx
from scrapers.replica.facts import load_register
from scrapers.replica.pages import attachment_path
from scrapers.replica.pdf import list_pdf
from scrapers.replica.site import Answer
from tests.scrapers.registers.scripted import Naps
from tests.support.loopback import (
    LoopbackSites,
    amend,
    corrupt,
    document_instead,
    drop_connection,
    empty_body,
    fail_times,
    firewall_page,
    html_instead,
    second_address,
    status,
)

SMALL = load_register().first(2)
BATCH = 2


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackSites]:
    with LoopbackSites(SMALL) as sites:
        yield sites


@pytest.fixture
def sites(running: LoopbackSites) -> LoopbackSites:
    running.register = SMALL
    running.heal()
    running.log.clear()
    return running


@pytest.fixture
def session(sites: LoopbackSites) -> Iterator[PoliteSession]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=Naps())
    yield session
    session.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def announcement(session: PoliteSession, batch_no: int = BATCH) -> Announcement:
    return fetch_notices(session).announcements[batch_no]


def test_the_list_its_page_and_its_facts_are_archived(sites, session, archive):
    listed = fetch_list(session, announcement(session), archive)
    assert listed.is_new and len(listed.table.rows) == 110
    assert archive.latest("002", "list") == listed.version
    facts = listed.version.facts
    assert (facts["list_month"], facts["announced_on"], facts["kind"]) == (
        "2023-08", "2023-09-01", "docx",
    )  # fmt: skip
    assert facts["page_url"] == sites.cac_url + sites.page_path(BATCH)
    assert facts["page_title"].endswith("公告")
    page = archive.latest("002", "page")
    assert archive.read(page).startswith(b"<!DOCTYPE html>")


def test_the_attachment_is_asked_for_from_its_page(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    (asked,) = [request for request in sites.log if "downloadfile" in request.path]
    assert asked.headers["Referer"] == sites.cac_url + sites.page_path(BATCH)


def test_every_request_carries_a_referer_of_its_own_host(sites, session, archive):
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


def test_a_page_with_the_firewalls_badge_is_read_as_what_it_is(sites, session, archive):
    sites.break_with(sites.page_path(BATCH), with_badge)
    assert fetch_list(session, announcement(session), archive).is_new


@pytest.mark.parametrize("where", ["page_path", "attachment_path"])
def test_a_page_of_words_with_the_firewalls_mark_is_named(sites, session, archive, where):
    denied = html_instead("<title>访问被拦截</title><p>请求被创宇盾拦截</p>")
    found = announcement(session)
    sites.break_with(getattr(sites, where)(BATCH), denied)
    with pytest.raises(FirewallError, match="知道创宇云防御.*titled '访问被拦截'"):
        fetch_list(session, found, archive)


def test_a_page_whose_title_cannot_be_taken_is_kept_as_rejected(sites, session, archive):
    found = announcement(session)
    sites.break_with(sites.page_path(BATCH), _of_two_batches)
    with pytest.raises(FilingsError, match="more than one batch"):
        fetch_list(session, found, archive)
    (rejected,) = archive.versions("002", "rejected")
    assert "第三批" in archive.read(rejected).decode()


def _of_two_batches(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace("第二批".encode(), "第二批和第三批".encode()))


def test_a_page_that_moved_is_the_base_of_its_links(sites, session, archive):
    found = announcement(session)
    there = "/2023-09/01/c_9.htm"
    page = sites.answer("cac", "GET", sites.page_path(BATCH), {"Referer": "/"})
    sites.break_with(sites.page_path(BATCH), Answer(302, {"Location": there}, b""))
    sites.break_with(there, page)
    fetch_list(session, found, archive)
    assert sites.log[-1].headers["Referer"] == sites.cac_url + there


def test_an_unchanged_list_adds_nothing(session, archive):
    first = fetch_list(session, announcement(session), archive)
    again = fetch_list(session, announcement(session), archive)
    assert (again.version, again.is_new, again.table) == (first.version, False, None)
    assert len(archive.versions("002", "page")) == 1


def test_a_list_amended_in_place_is_a_new_version(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    number = SMALL.filings[BATCH][0].filing_number
    sites.register = amend(SMALL, BATCH, number, products="新（APP）")
    assert fetch_list(session, announcement(session), archive).is_new
    assert len(archive.versions("002", "list")) == 2


def test_a_list_may_be_a_pdf_whatever_its_name_says(sites, session, archive):
    rows = SMALL.filings[BATCH][:12]
    sites.break_with(sites.attachment_path(BATCH), document_instead(list_pdf("2023-08", rows)))
    listed = fetch_list(session, announcement(session), archive)
    assert listed.version.path.suffix == ".pdf" and listed.version.facts["kind"] == "pdf"
    assert len(listed.table.rows) == 12


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (html_instead(), "an HTML page instead of a document"),
        (corrupt, "a damaged .docx file"),
        (document_instead(b"\xd0\xcf\x11\xe0"), "an old binary .doc file"),
        (document_instead(b"%PDF-1.7 nothing"), "a damaged or protected .pdf file"),
    ],
)
def test_a_document_that_cannot_be_read_is_kept_as_rejected(
    sites, session, archive, fault, message
):
    sites.break_with(sites.attachment_path(BATCH), fault)
    for _ in range(2):
        with pytest.raises(FilingsError, match=message) as caught:
            fetch_list(session, announcement(session), archive)
    assert caught.value.batch_no == BATCH and sites.cac_url in caught.value.url
    (rejected,) = archive.versions("002", "rejected")
    assert message in rejected.facts["problem"] and archive.read(rejected)
    assert archive.versions("002", "list") == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (firewall_page(), "challenge page"),
        (empty_body(), "an empty answer"),
        (status(403), "status 403"),
        (status(404), "status 404"),
        (status(503), "status 503"),
        (drop_connection, "no connection"),
    ],
)
@pytest.mark.parametrize("where", ["page_path", "attachment_path"])
def test_what_does_not_come_is_an_error_with_address_and_batch(
    sites, session, archive, where, fault, message
):
    found = announcement(session)
    sites.break_with(getattr(sites, where)(BATCH), fault)
    with pytest.raises(FilingsError, match=message) as caught:
        fetch_list(session, found, archive)
    assert "batch 002" in str(caught.value) and sites.cac_url in str(caught.value)
    assert archive.versions("002", "list") == archive.versions("002", "rejected") == []


@pytest.mark.parametrize("fault", [status(503), status(429, retry_after=1), drop_connection])
def test_a_fault_that_passes_is_not_noticed(sites, session, archive, fault):
    sites.break_with(sites.attachment_path(BATCH), fail_times(2, fault))
    assert fetch_list(session, announcement(session), archive).is_new


def test_a_page_that_is_gone_makes_way_for_its_second_address(sites, session, archive):
    sites.register = second_address(SMALL, BATCH)
    found = announcement(session)
    first, second = found.page_urls
    sites.break_with(first.removeprefix(sites.cac_url), status(404))
    listed = fetch_list(session, found, archive)
    assert listed.version.facts["page_url"] == second


@pytest.mark.parametrize("fault", [status(503), firewall_page(), html_instead()])
def test_a_page_that_cannot_be_read_does_not_hide_the_second_address(
    sites, session, archive, fault
):
    sites.register = second_address(SMALL, BATCH)
    found = announcement(session)
    first, second = found.page_urls
    sites.break_with(first.removeprefix(sites.cac_url), fault)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts["page_url"] == second
    assert len(listed.remarks) == 1 and first in listed.remarks[0]


def another_list_at(sites, register):
    """The batch has two addresses, and the second gives the list of this register."""
    sites.register = second_address(SMALL, BATCH)
    second = sites.register.announcements[-1]
    document = list_docx(BATCH, second.list_month, register.filings[BATCH])
    sites.break_with(attachment_path(second), document_instead(document))


def test_lists_that_differ_at_two_addresses_are_held_back_and_kept(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    number = SMALL.filings[BATCH][0].filing_number
    another_list_at(sites, amend(SMALL, BATCH, number, products="新产品（APP）"))
    found = announcement(session)
    for _ in range(2):
        with pytest.raises(HeldBackError, match="2 addresses .* give different lists") as caught:
            fetch_list(session, found, archive)
    (kept,) = archive.versions("002", "rejected")
    assert kept.sha256 in str(caught.value)
    assert all(url in str(caught.value) for url in found.page_urls)
    assert len(archive.versions("002", "list")) == 1
    approved = Background(approved={kept.sha256})
    assert fetch_list(session, found, archive, approved).version.sha256 == kept.sha256


def test_lists_that_differ_in_bytes_only_are_one(sites, session, archive):
    sites.register = second_address(SMALL, BATCH)
    second = sites.register.announcements[-1]
    printed = [replace(row, position=str(n)) for n, row in enumerate(SMALL.filings[BATCH], 1)]
    document = list_docx(BATCH, second.list_month, printed)
    sites.break_with(attachment_path(second), document_instead(document))
    found = announcement(session)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts["page_url"] == found.page_url and listed.remarks == ()


def test_a_document_that_cannot_be_read_does_not_hide_the_second_address(sites, session, archive):
    sites.register = second_address(SMALL, BATCH)
    sites.break_with(sites.attachment_path(BATCH), corrupt)
    found = announcement(session)
    listed = fetch_list(session, found, archive)
    assert listed.version.facts["page_url"] == found.page_urls[1]
    assert "a damaged .docx file" in listed.remarks[0]


def test_a_list_that_is_gone_stays_as_archived(sites, session, archive):
    found = announcement(session)
    first = fetch_list(session, found, archive)
    for place in (sites.page_path(BATCH), sites.attachment_path(BATCH)):
        sites.break_with(place, status(404))
        again = fetch_list(session, found, archive)
        assert (again.version, again.is_new) == (first.version, False)
        assert "status 404" in again.gone
        sites.heal()
    assert fetch_list(session, found, archive).gone is None


def test_a_list_whose_month_was_corrected_is_a_new_version(sites, session, archive):
    first = fetch_list(session, announcement(session), archive)
    *others, batch = SMALL.announcements
    sites.register = replace(SMALL, announcements=(*others, replace(batch, list_month="2023-09")))
    sites.break_with(attachment_path(batch), document_instead(archive.read(first.version)))
    second = fetch_list(session, announcement(session), archive)
    assert second.is_new and second.version.facts["list_month"] == "2023-09"
    assert not fetch_list(session, announcement(session), archive).is_new


def test_if_all_addresses_are_gone_the_batch_is(sites, session, archive):
    sites.register = second_address(SMALL, BATCH)
    found = announcement(session)
    sites.break_with(lambda path: path.endswith(".htm"), status(404))
    with pytest.raises(NotFoundError, match="batch 002"):
        fetch_list(session, found, archive)


def test_a_page_of_another_batch_is_refused(sites, session, archive):
    wrong = replace(announcement(session), page_url=sites.cac_url + sites.page_path(1))
    with pytest.raises(FilingsError, match=r"that is batch 1 \[batch 002, .*htm\]"):
        fetch_list(session, wrong, archive)
    assert not (archive.root / "002").exists()


def test_the_archive_remembers_what_was_announced(session, archive):
    found = announcement(session)
    fetch_list(session, found, archive)
    assert archived_announcements(archive, session.source) == [found]


def test_archived_pages_are_looked_for_on_the_base_that_is_configured_now(session, archive):
    for batch_no in (1, 2):
        fetch_list(
            session, announced(fetch_notices(session), [], session.source)[batch_no], archive
        )
    with LoopbackSites(SMALL) as moved:
        source = Source(moved.cac_url, moved.beian_url)
        elsewhere = PoliteSession(source, requests_per_second=0, sleep=Naps())
        forgetful = NoticeList({}, (), 0)
        known = announced(forgetful, archived_announcements(archive, source), source)
        assert [item.page_url for item in known.values()] == [
            moved.cac_url + moved.page_path(batch_no) for batch_no in (1, 2)
        ]
        for found in known.values():
            assert not fetch_list(elsewhere, found, archive).is_new
        elsewhere.close()


def test_the_notice_list_is_kept_when_it_says_something_new(sites, session, archive):
    assert archive_notices(archive, fetch_notices(session))
    assert not archive_notices(archive, fetch_notices(session))
    sites.register = second_address(SMALL, BATCH)
    assert archive_notices(archive, fetch_notices(session))
    sites.break_with(sites.notice_list_path, _with_a_new_sort_of_notice)
    assert archive_notices(archive, fetch_notices(session))
    assert not archive_notices(archive, fetch_notices(session))
    assert len(archive.versions("notices", "notices")) == 3


def _with_a_new_sort_of_notice(answer: Answer) -> Answer:
    listed = json.loads(answer.body)
    listed["datas"].append({"noticeId": "n", "title": "深度合成服务名录", "content": "/x"})
    return replace(answer, body=json.dumps(listed).encode())
