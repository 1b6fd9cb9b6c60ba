"""The replica of both hosts, through the adapter and over loopback servers."""

import json
from urllib.parse import urljoin

import pytest
import requests
from lxml import html

from scrapers.replica import replica_adapter
from scrapers.replica.docx import list_docx
from scrapers.replica.facts import load_register
from scrapers.replica.pages import attachment_path
from scrapers.replica.site import Site
from scrapers.replica.wording import list_title
from tests.support.loopback import LoopbackSites, amend

CAC, BEIAN = "https://www.cac.gov.cn", "https://beian.cac.gov.cn"
NOTICES = f"{BEIAN}/api/notice/list"
REGISTER = load_register()


def session(batches: int | None = None) -> requests.Session:
    made = requests.Session()
    made.headers["Referer"] = f"{CAC}/"
    made.mount("https://", replica_adapter(batches))
    return made


def attachment(page: requests.Response) -> tuple[str, str]:
    """URL and label of the only link to a list."""
    links = html.fromstring(page.content, parser=html.HTMLParser(encoding="utf-8")).xpath("//a")
    (found,) = [a for a in links if "downloadfile.jsp" in a.get("href", "")]
    return urljoin(page.url, found.get("href")), found.text


def test_notice_list_has_all_batches_except_first():
    notices = session().get(NOTICES).json()
    assert (notices["errno"], set(notices)) == (0, {"errno", "errmsg", "datas"})
    batches = [
        n for n in notices["datas"] if n["type"] == "3" and "深度合成服务算法备案信息" in n["title"]
    ]
    announced = [CAC + a.page_path for a in reversed(REGISTER.announcements) if a.batch_no > 1]
    assert [n["content"] for n in batches] == announced
    assert batches[0]["title"] == (
        "国家互联网信息办公室关于发布第十八批深度合成服务算法备案信息的公告"
    )
    assert batches[0]["createTime"].startswith("2026-07-17")


def test_notice_list_has_other_notices_and_ignores_paging():
    notices = session().get(NOTICES).json()["datas"]
    assert len(notices) == len({n["noticeId"] for n in notices}) == 34
    assert len({n["type"] for n in notices}) > 1
    assert all(set(n) == {"noticeId", "type", "title", "content", "createTime"} for n in notices)
    assert session().get(f"{NOTICES}?page=2&size=5").json()["datas"] == notices


def test_cancellation_is_served_by_id_and_not_at_static_url():
    made = session()
    notices = [n for n in made.get(NOTICES).json()["datas"] if "注销" in n["title"]]
    assert {n["noticeId"] for n in notices} == {c.notice_id for c in REGISTER.cancellations}
    for notice in notices:
        file = made.get(f"{BEIAN}/api/file/fileDownLoad?noticeId={notice['noticeId']}")
        assert (file.status_code, file.content[:5]) == (200, b"%PDF-")
        assert made.get(notice["content"]).status_code == 404


def test_cancellation_is_independent_of_batches():
    path = f"{BEIAN}/api/file/fileDownLoad?noticeId={REGISTER.cancellations[0].notice_id}"
    assert session(2).get(path).content == session().get(path).content


@pytest.mark.parametrize(("batch_no", "ordinal"), [(1, ""), (2, "第二批"), (18, "第十八批")])
def test_page_has_batch_title_and_list_link(batch_no, ordinal):
    page = session().get(CAC + REGISTER.announcement(batch_no).page_path)
    heading = html.fromstring(page.content.decode()).findtext(".//h1")
    assert heading == f"国家互联网信息办公室关于发布{ordinal}深度合成服务算法备案信息的公告"
    address, label = attachment(page)
    assert label.startswith("境内深度合成服务算法备案清单（202")
    assert "&fText=%E5%A2%83" in address
    assert all(letter in address.partition("filepath=")[2].partition("&")[0] for letter in "~/=")


def test_attachment_is_a_download():
    made = session()
    page = made.get(CAC + REGISTER.announcement(7).page_path)
    file = made.get(attachment(page)[0], headers={"Referer": page.url})
    assert file.content[:2] == b"PK" and ".docx" in file.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "url",
    [
        NOTICES,
        CAC + REGISTER.announcement(7).page_path,
        CAC + attachment_path(REGISTER.announcement(7)),
        f"{BEIAN}/api/file/fileDownLoad?noticeId={REGISTER.cancellations[0].notice_id}",
        f"{CAC}/nothing",
    ],
)
def test_request_without_referer_is_empty(url):
    made = session()
    del made.headers["Referer"]
    answer = made.get(url)
    assert (answer.status_code, answer.content) == (200, b"")


def test_each_page_links_to_the_list_of_its_batch():
    made = session()
    for fact in REGISTER.announcements:
        page = made.get(CAC + fact.page_path)
        address, label = attachment(page)
        assert label == list_title(fact.list_month)
        listed = made.get(address, headers={"Referer": page.url}).content
        assert listed == list_docx(fact.batch_no, fact.list_month, REGISTER.filings[fact.batch_no])


@pytest.mark.parametrize(
    "url",
    [
        f"{CAC}/",
        f"{CAC}/2025-05/19/c_1.htm",
        f"{CAC}/cms/pub/interact/downloadfile.jsp?filepath=~no/such=",
        f"{BEIAN}/api/file/fileDownLoad?noticeId=notice_none",
        f"{BEIAN}/api/file/fileDownLoad",
        f"{CAC}/api/notice/list",
        "https://www.cac.gov.cn.example.org/api/notice/list",
    ],
)
def test_unknown_url_is_not_found(url):
    assert session().get(url, headers={"Referer": CAC}).status_code == 404


def test_only_get_requests_are_served():
    assert session().post(NOTICES).status_code == 404


def test_replica_of_first_batches_has_no_later_batch():
    made = session(4)
    assert made.get(CAC + REGISTER.announcement(4).page_path).status_code == 200
    assert made.get(CAC + REGISTER.announcement(5).page_path).status_code == 404
    assert "第五批" not in json.dumps(made.get(NOTICES).json(), ensure_ascii=False)


@pytest.mark.parametrize("batches", [0, 19])
def test_invalid_number_of_batches_is_an_error(batches):
    with pytest.raises(ValueError, match="1 to 18"):
        replica_adapter(batches)


def test_response_can_be_streamed():
    made = session()
    with made.get(NOTICES, stream=True) as streamed:
        assert b"".join(streamed.iter_content(1000)) == made.get(NOTICES).content
        assert streamed.reason == "OK" and streamed.url == NOTICES


def test_adapter_and_loopback_serve_same_responses():
    made = session()
    with LoopbackSites(REGISTER) as sites:
        addresses = {CAC: sites.cac_url, BEIAN: sites.beian_url}
        paths = [
            (CAC, sites.page_path(7)),
            (CAC, sites.attachment_path(7)),
            (CAC, "/nothing"),
            (BEIAN, f"/api/file/fileDownLoad?noticeId={REGISTER.cancellations[0].notice_id}"),
        ]
        for host, path in paths:
            near = made.get(host + path, headers={"Referer": CAC})
            far = requests.get(addresses[host] + path, headers={"Referer": CAC}, timeout=5)
            assert (near.status_code, near.content) == (far.status_code, far.content)
            assert dict(near.headers) == dict(far.headers)
        listed = requests.get(
            sites.beian_url + "/api/notice/list", headers={"Referer": BEIAN}, timeout=5
        ).text
        assert sites.cac_url in listed and CAC not in listed


def tagged(made: requests.Session, address: str, tag: str | None = None) -> requests.Response:
    return made.get(address, headers={"If-None-Match": tag} if tag else {})


def addresses_of_files() -> list[str]:
    """A page, and a file of each kind: a list, and a cancellation notice."""
    last = REGISTER.announcements[-1]
    (notice, *_) = REGISTER.cancellations
    return [
        CAC + last.page_path,
        CAC + attachment_path(last),
        f"{BEIAN}/api/file/fileDownLoad?noticeId={notice.notice_id}",
    ]


@pytest.mark.parametrize("address", addresses_of_files())
def test_known_response_is_not_modified_and_not_built(address, monkeypatch):
    tag = session().get(address).headers["ETag"]
    for name in ("list_docx", "cancellation_pdf"):
        monkeypatch.setattr(f"scrapers.replica.site.{name}", lambda *_: pytest.fail("built"))
    other = tagged(session(), address, f'"another", {tag}')
    assert (other.status_code, other.content, other.headers["ETag"]) == (304, b"", tag)


def test_response_with_another_tag_is_sent():
    address = addresses_of_files()[1]
    assert tagged(session(), address, '"another"').content.startswith(b"PK")


def test_tag_of_a_list_follows_its_rows(monkeypatch):
    batch = REGISTER.announcements[0]
    number = REGISTER.filings[1][0].filing_number
    tags = set()
    for register in (REGISTER, amend(REGISTER, 1, number, note="已变更"), REGISTER.first(1)):
        answer = Site(register).answer("GET", CAC + attachment_path(batch), {"Referer": CAC})
        tags.add(answer.headers["ETag"])
    assert len(tags) == 2
