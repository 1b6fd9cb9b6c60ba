"""The pages of the other two registers: their links, and the lists behind them."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
import requests
from lxml import html

from scrapers.replica import ReplicaAdapter, replica_adapter
from scrapers.replica.facts import Register, load_register
from scrapers.replica.generative_documents import service_document
from scrapers.replica.pages import (
    ANNUAL_SUMMARIES,
    RECOMMENDATION_PAGE,
    SERVICES_PAGE,
    list_path,
)
from scrapers.replica.recommendation_docx import recommendation_docx
from scrapers.replica.site import Site
from tests.support.registers import with_list, without_list

CAC = "https://www.cac.gov.cn"
REGISTER = load_register()
PAGES = {
    RECOMMENDATION_PAGE: (REGISTER.recommendation_lists, recommendation_docx),
    SERVICES_PAGE: (REGISTER.service_lists, service_document),
}


def session(register: Register = REGISTER) -> requests.Session:
    made = requests.Session()
    made.headers["Referer"] = f"{CAC}/"
    made.mount("https://", ReplicaAdapter(Site(register)))
    return made


def links(page: requests.Response) -> list[tuple[str, str]]:
    """The href and text of each link."""
    anchors = html.fromstring(page.content, parser=html.HTMLParser(encoding="utf-8")).xpath("//a")
    return [(a.get("href"), a.text) for a in anchors]


def list_links(page: requests.Response) -> list[tuple[str, str]]:
    return [(href, text) for href, text in links(page) if "downloadfile.jsp" in href]


@pytest.mark.parametrize("path", PAGES)
def test_page_links_to_its_lists_oldest_first(path):
    lists, _ = PAGES[path]
    page = session().get(CAC + path)
    assert [text for _, text in list_links(page)] == [listed.label for listed in lists]
    for href, text in list_links(page):
        query = parse_qs(urlsplit(href).query)
        assert href.startswith("/cms/pub/interact/downloadfile.jsp?filepath=")
        assert query["fText"] == [text] and "%" in href
        assert all(sign in query["filepath"][0] for sign in "~/=")


@pytest.mark.parametrize("path", PAGES)
def test_each_link_downloads_the_list_that_it_names(path):
    made = session()
    page = made.get(CAC + path)
    lists, build = PAGES[path]
    for (href, text), listed in zip(list_links(page), lists, strict=True):
        file = made.get(urljoin(page.url, href), headers={"Referer": page.url})
        assert (file.status_code, file.content) == (200, build(listed))
        suffix = "pdf" if file.content.startswith(b"%PDF-") else "docx"
        assert file.headers["Content-Type"] == "application/octet-stream"
        assert unquote(file.headers["Content-Disposition"]) == (
            f'attachment; filename="{text}.{suffix}"'
        )


def test_one_label_begins_with_the_number_of_the_attachment():
    labels = [text for _, text in list_links(session().get(CAC + SERVICES_PAGE))]
    assert [label for label in labels if not label.startswith("生成式")] == [
        "附件7：生成式人工智能服务已备案和已登记信息（2025年8月）"
    ]


def test_services_page_links_to_annual_summaries_that_are_not_files():
    others = dict(links(session().get(CAC + SERVICES_PAGE)))
    assert {path: others[path] for path in ANNUAL_SUMMARIES} == ANNUAL_SUMMARIES
    assert "生成式人工智能服务已备案和已登记信息（2025年）" in ANNUAL_SUMMARIES.values()


@pytest.mark.parametrize("path", PAGES)
def test_request_without_referer_is_empty(path):
    made = session()
    del made.headers["Referer"]
    for address in (path, list_path(path, PAGES[path][0][0])):
        answer = made.get(CAC + address)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        list_path(RECOMMENDATION_PAGE, REGISTER.service_lists[2]),
        list_path(SERVICES_PAGE, replace(REGISTER.service_lists[0], month="2023-01")),
        RECOMMENDATION_PAGE.replace(".htm", ".html"),
        SERVICES_PAGE.replace("2024-04", "2024-05"),
    ],
)
def test_unknown_page_or_list_is_not_found(path):
    assert session().get(CAC + path).status_code == 404


def test_number_of_batches_limits_only_deep_synthesis():
    made = requests.Session()
    made.headers["Referer"] = f"{CAC}/"
    made.mount("https://", replica_adapter(2))
    assert made.get(CAC + REGISTER.announcement(3).page_path).status_code == 404
    for path, (lists, _) in PAGES.items():
        assert len(list_links(made.get(CAC + path))) == len(lists)
        assert made.get(CAC + list_path(path, lists[-1])).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_list_can_be_removed(path):
    lists, _ = PAGES[path]
    made = session(without_list(REGISTER, lists[0]))
    assert len(list_links(made.get(CAC + path))) == len(lists) - 1
    assert made.get(CAC + list_path(path, lists[0])).status_code == 404
    assert made.get(CAC + list_path(path, lists[1])).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_list_can_be_added(path):
    lists, build = PAGES[path]
    added = replace(lists[-1], month="2026-10", label=lists[-1].label[:-7] + "2026年10月）")
    made = session(with_list(REGISTER, added))
    href, text = list_links(made.get(CAC + path))[-1]
    assert (href, text) == (list_path(path, added), added.label)
    assert made.get(CAC + href).content == build(added)


def test_list_can_be_amended_under_the_same_address():
    listed = REGISTER.recommendation_lists[0]
    amended = replace(listed.filings[0], note="已注销")
    changed = replace(listed, filings=(amended, *listed.filings[1:]))
    before, after = session(), session(with_list(REGISTER, changed))
    page = CAC + RECOMMENDATION_PAGE
    assert after.get(page).content == before.get(page).content
    file = CAC + list_path(RECOMMENDATION_PAGE, listed)
    assert after.get(file).content == recommendation_docx(changed) != before.get(file).content


@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_register_without_lists_has_no_list_links(path):
    made = session(replace(REGISTER, recommendation_lists=(), service_lists=()))
    assert list_links(made.get(CAC + path)) == []
