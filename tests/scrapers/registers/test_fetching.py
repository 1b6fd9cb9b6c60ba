"""Fetching into the archive over HTTP: new, known, unreadable and missing documents."""

from dataclasses import replace
from datetime import date

import pytest

from scrapers.errors import FilingsError
from scrapers.replica.pages import attachment_path
from scrapers.replica.pdf import list_pdf
from tests.scrapers.registers.fetches import BATCH, SMALL, announcement, fetch_list
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
    status,
)


def test_list_page_and_facts_are_archived(sites, session, archive):
    listed = fetch_list(session, announcement(session), archive)
    assert listed.is_new and len(listed.table.rows) == 110
    assert archive.latest("002", "list") == listed.version
    facts = listed.version.facts
    assert (facts.month, facts.published_on, facts.kind) == (
        "2023-08", date(2023, 9, 1), "docx",
    )  # fmt: skip
    assert facts.page_url == sites.cac_url + sites.page_path(BATCH)
    assert facts.title.endswith("公告")
    page = archive.latest("002", "page")
    assert archive.read(page).startswith(b"<!DOCTYPE html>")


def test_unchanged_list_is_not_archived(session, archive):
    first = fetch_list(session, announcement(session), archive)
    again = fetch_list(session, announcement(session), archive)
    assert (again.version, again.is_new, again.table) == (first.version, False, None)
    assert len(archive.versions("002", "page")) == 1


def test_amended_list_is_a_new_version(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    number = SMALL.filings[BATCH][0].filing_number
    sites.register = amend(SMALL, BATCH, number, products="新（APP）")
    assert fetch_list(session, announcement(session), archive).is_new
    assert len(archive.versions("002", "list")) == 2


def test_pdf_under_docx_name_is_archived_as_pdf(sites, session, archive):
    rows = SMALL.filings[BATCH][:12]
    sites.break_with(sites.attachment_path(BATCH), document_instead(list_pdf("2023-08", rows)))
    listed = fetch_list(session, announcement(session), archive)
    assert listed.version.path.suffix == ".pdf" and listed.version.facts.kind == "pdf"
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
def test_unreadable_document_is_archived_as_rejected(sites, session, archive, fault, message):
    sites.break_with(sites.attachment_path(BATCH), fault)
    for _ in range(2):
        with pytest.raises(FilingsError, match=message) as caught:
            fetch_list(session, announcement(session), archive)
    assert caught.value.document == "batch 002" and sites.cac_url in caught.value.url
    (rejected,) = archive.versions("002", "rejected")
    assert message in rejected.facts.problem and archive.read(rejected)
    assert archive.versions("002", "list") == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (firewall_page(), "challenge page"),
        (empty_body(), "empty response"),
        (status(403), "status 403"),
        (status(404), "status 404"),
        (status(503), "status 503"),
        (drop_connection, "no connection"),
    ],
)
@pytest.mark.parametrize("where", ["page_path", "attachment_path"])
def test_failed_request_is_an_error_with_url_and_batch(
    sites, session, archive, where, fault, message
):
    found = announcement(session)
    sites.break_with(getattr(sites, where)(BATCH), fault)
    with pytest.raises(FilingsError, match=message) as caught:
        fetch_list(session, found, archive)
    assert "batch 002" in str(caught.value) and sites.cac_url in str(caught.value)
    assert archive.versions("002", "list") == archive.versions("002", "rejected") == []


@pytest.mark.parametrize("fault", [status(503), status(429, retry_after=1), drop_connection])
def test_transient_fault_is_retried(sites, session, archive, fault):
    sites.break_with(sites.attachment_path(BATCH), fail_times(2, fault))
    assert fetch_list(session, announcement(session), archive).is_new


def test_missing_list_leaves_archived_version_in_use(sites, session, archive):
    found = announcement(session)
    first = fetch_list(session, found, archive)
    for place in (sites.page_path(BATCH), sites.attachment_path(BATCH)):
        sites.break_with(place, status(404))
        again = fetch_list(session, found, archive)
        assert (again.version, again.is_new) == (first.version, False)
        assert "status 404" in again.gone
        sites.heal()
    assert fetch_list(session, found, archive).gone is None


def test_list_with_corrected_month_is_a_new_version(sites, session, archive):
    first = fetch_list(session, announcement(session), archive)
    *others, batch = SMALL.announcements
    sites.register = replace(SMALL, announcements=(*others, replace(batch, list_month="2023-09")))
    sites.break_with(attachment_path(batch), document_instead(archive.read(first.version)))
    second = fetch_list(session, announcement(session), archive)
    assert second.is_new and second.version.facts.month == "2023-09"
    # The title of the page is the same, but not the label and URL of its list.
    assert len(archive.versions("002", "page")) == 2
    assert not fetch_list(session, announcement(session), archive).is_new


def bodies_sent(sites: LoopbackSites) -> int:
    """How many of the logged requests for the page and the list were not conditional."""
    paths = (sites.page_path(BATCH), sites.attachment_path(BATCH))
    asked = [request for request in sites.log if request.path in paths]
    return sum("If-None-Match" not in request.headers for request in asked)


def test_archived_page_and_list_are_asked_for_conditionally(sites, session, archive):
    sites.is_conditional = True
    batch = announcement(session)
    first = fetch_list(session, batch, archive)
    assert bodies_sent(sites) == 2
    again = fetch_list(session, batch, archive)
    assert (again.version, again.is_new) == (first.version, False)
    assert bodies_sent(sites) == 2


@pytest.mark.parametrize("damage", ["removed", "overwritten"])
def test_damaged_list_is_fetched_whole_and_restored(sites, session, archive, damage):
    sites.is_conditional = True
    batch = announcement(session)
    version = fetch_list(session, batch, archive).version
    content = version.path.read_bytes()
    version.path.unlink() if damage == "removed" else version.path.write_bytes(b"PK")
    assert not fetch_list(session, batch, archive).is_new
    assert bodies_sent(sites) == 3 and version.path.read_bytes() == content


def test_amended_list_is_fetched_although_the_request_is_conditional(sites, session, archive):
    sites.is_conditional = True
    batch = announcement(session)
    fetch_list(session, batch, archive)
    number = SMALL.filings[BATCH][0].filing_number
    sites.register = amend(SMALL, BATCH, number, products="新（APP）")
    assert fetch_list(session, batch, archive).is_new
