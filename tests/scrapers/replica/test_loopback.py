"""The loopback servers: injected faults, and changes while they run."""

import pytest
import requests

from scrapers.replica.facts import load_register
from tests.scrapers.replica.documents import read_docx_filings
from tests.support.loopback import (
    LoopbackSites,
    amend,
    corrupt,
    drop_connection,
    empty_body,
    fail_times,
    firewall_page,
    status,
    with_new_batch,
    with_second_address,
)
from tests.support.registers import check_digit


@pytest.fixture(scope="module")
def shared_sites():
    with LoopbackSites(load_register()) as sites:
        yield sites


@pytest.fixture
def sites(shared_sites):
    shared_sites.register = load_register()
    shared_sites.heal()
    shared_sites.log.clear()
    return shared_sites


def ask(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers={"Referer": url, **headers}, timeout=5)


def fetch_list(sites: LoopbackSites, batch_no: int) -> requests.Response:
    return ask(sites.cac_url + sites.attachment_path(batch_no))


def test_fault_applies_to_its_path_until_healed(sites):
    sites.break_with(sites.attachment_path(7), firewall_page())
    assert "知道创宇云防御" in fetch_list(sites, 7).text
    assert fetch_list(sites, 6).content[:2] == b"PK"
    sites.heal()
    assert fetch_list(sites, 7).content[:2] == b"PK"


def test_faults_change_the_response(sites):
    whole = fetch_list(sites, 7).content
    sites.break_with(lambda path: "downloadfile" in path, corrupt)
    assert fetch_list(sites, 7).content == whole[: len(whole) // 2]
    sites.break_with("/cms/pub/interact/downloadfile.jsp", empty_body())
    assert fetch_list(sites, 7).content == b""
    sites.break_with(sites.attachment_path(7), status(503, retry_after=2))
    answer = fetch_list(sites, 7)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    sites.break_with(sites.attachment_path(7), drop_connection)
    with pytest.raises(requests.ConnectionError):
        fetch_list(sites, 7)


def test_fault_can_be_temporary(sites):
    sites.break_with(sites.page_path(7), fail_times(2, status(500)))
    url = sites.cac_url + sites.page_path(7)
    assert [ask(url).status_code for _ in range(4)] == [500, 500, 200, 200]


def test_requests_are_logged(sites):
    ask(sites.beian_url + "/api/notice/list?page=1", **{"X-Who": "me"})
    (request,) = sites.log
    assert (request.host, request.path) == ("beian", "/api/notice/list?page=1")
    assert request.headers["X-Who"] == "me"
    assert sites.paths("beian") == ["/api/notice/list"]


def test_new_batch_is_served(sites):
    sites.register = with_new_batch(sites.register, 19, rows=5)
    assert "第十九批" in ask(sites.beian_url + "/api/notice/list").text
    rows = read_docx_filings(fetch_list(sites, 19).content)
    numbers = [row[6].removeprefix("网信算备").removesuffix("号") for row in rows]
    assert len(set(numbers)) == 5
    assert all(check_digit(number[:20]) == number[20] for number in numbers)


def test_check_digit_matches_real_numbers():
    numbers = [f.filing_number for rows in load_register().filings.values() for f in rows]
    assert all(check_digit(number[:20]) == number[20] for number in numbers)


def test_amended_row_is_served_at_same_url(sites):
    before, path = fetch_list(sites, 3).content, sites.attachment_path(3)
    number = sites.register.filings[3][0].filing_number
    sites.register = amend(sites.register, 3, number, products="甲（APP）", note="已注销")
    assert sites.attachment_path(3) == path
    old, new = read_docx_filings(before), read_docx_filings(fetch_list(sites, 3).content)
    assert (new[0][4], new[0][7], new[1:]) == ("甲（APP）", "已注销", old[1:])


def test_batch_can_have_two_pages(sites):
    sites.register = with_second_address(sites.register, 11)
    listed = ask(sites.beian_url + "/api/notice/list").json()["datas"]
    pages = [n["content"] for n in listed if "第十一批" in n["title"]]
    assert len(set(pages)) == 2
    assert [ask(page).status_code for page in pages] == [200, 200]


def test_amending_unknown_filing_is_an_error():
    with pytest.raises(KeyError, match="batch 3 has no filing"):
        amend(load_register(), 3, "0" * 21, products="甲")
