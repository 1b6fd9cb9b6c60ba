"""Discovery from one page: its attachments by label and month."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from scrapers.archive.facts import Facts
from scrapers.archive.store import Archive
from scrapers.errors import (
    AnnouncementError,
    FetchError,
    FilingsError,
    NotFoundError,
    RefusedAddressError,
    TransientFetchError,
)
from scrapers.http.responses import Fetched
from scrapers.registers import REGISTERS
from scrapers.registers.base import Discovery, Document, Register, Text
from scrapers.registers.deep_synthesis import LIST_TABLE
from scrapers.registers.discovery.numbered_batches import MAX_PAGE_BYTES
from scrapers.registers.discovery.page_attachments import page_attachments
from scrapers.registers.fetching import fetch_document, keep_snapshot
from scrapers.registers.generative_services import GENERATIVE_SERVICES
from scrapers.registers.recommendation import RECOMMENDATION
from tests.scrapers.registers.scripted import Reply, scripted
from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, row, table

PATH = "/2023-01/05/c_1.htm"
PAGE = f"https://cac.test{PATH}"
DOWNLOAD = "/cms/pub/interact/downloadfile.jsp?filepath="

LABELS = {
    "recommendation": [
        "境内互联网信息服务算法备案清单（{}）",
        "《境内互联网信息服务算法备案清单（{}）》",
        "附件：境内互联网信息服务算法备案清单({}).docx",
        "互联网信息服务算法备案名单 {}",
    ],
    "generative_services": [
        "生成式人工智能服务已备案信息（{}）",
        "生成式人工智能服务已备案和已登记信息（{}）",
        "附件7：生成式人工智能服务已备案和已登记信息（{}）",
        "《生成式人工智能服务已登记信息({})》.pdf",
    ],
}

REGISTER = Register(
    name="other_services",
    title=Text("其他服务备案", "Other services"),
    tables=(LIST_TABLE,),
    key="filing_number",
    discover=page_attachments(PATH, "备案清单", snapshot="other_services/page"),
    key_pattern="[0-9]{4}-[0-9]{2}",
)


def link(
    month: str, file: str | None = None, label: str = "服务备案清单（{}）", more: str = ""
) -> str:
    """A link to the document of a month, such as 2024年6月."""
    text = label.format(month)
    return f'<a href="{DOWNLOAD}{file or month}{more}">{text}</a>'


def html(*links: str) -> bytes:
    return f"<h1>清单</h1><p>{''.join(links)}</p><a href='/'>首页</a>".encode()


def discover(*links: str, archive: Archive | None = None) -> Discovery:
    session, _, _ = scripted(Reply(body=html(*links)))
    return REGISTER.discover(session, REGISTER.archived(archive) if archive else {})


def store(archive: Archive, month: str) -> None:
    url = f"https://cac.test{DOWNLOAD}{month}"
    archive.store(
        REGISTER.folder(month),
        "list",
        Fetched(url, url, month.encode(), {}, datetime(2025, 5, 19, tzinfo=UTC)),
        suffix="docx",
        media_type="application/zip",
        facts=Facts(key=month, label=f"服务备案清单（{month}）", month=month, page_url=PAGE),
    )


def test_attachment_has_month_as_key():
    found = discover(link("2024年6月", "a"))
    assert found.documents == {
        "2024-06": Document(
            "2024-06",
            url=f"https://cac.test{DOWNLOAD}a",
            page_urls=(PAGE,),
            label="服务备案清单（2024年6月）",
            month="2024-06",
        )
    }
    assert (found.alarms, found.gaps) == ((), ())


def test_documents_are_ordered_by_month():
    links = [link(month) for month in ("2024年6月", "2025年1月", "2023年12月")]
    assert list(discover(*links).documents) == ["2023-12", "2024-06", "2025-01"]


def test_page_is_requested_once():
    session, script, _ = scripted(Reply(body=html(link("2024年6月"))))
    REGISTER.discover(session, {})
    assert [request.url for request in script.requests] == [PAGE]


@pytest.mark.parametrize(
    "label",
    [
        "附件7：境内服务备案清单（{}）",
        "附件7：境内区块链信息服务备案清单{}",
        "附件 7: 服务 备案\u200b清单（ {} ）.docx",
        "7．服务备&nbsp;案清单({})",
        "{}服务备案清单",
        "服务备案清单（{0}）{0}",
    ],
)
def test_label_is_matched_after_normalisation(label):
    assert list(discover(link("2024年6月", label=label)).documents) == ["2024-06"]


def test_label_is_read_from_url():
    other = link("2024年6月", label="下载", more="&fText=服务备案清单（2024年6月）")
    assert discover(other).documents["2024-06"].label == "服务备案清单（2024年6月）"


@pytest.mark.parametrize(
    "other",
    [
        '<a href="/a.docx">填报指南（2024年7月）</a>',
        '<a href="/a.docx">服务备案填报说明</a>',
        '<a href="/a.pdf">服务备案的公告</a>',
        '<a href="/2024-01/09/c_1.htm">服务备案清单</a>',
        '<a href="#top">服务备案清单</a>',
        '<a href="javascript:share()">服务备案清单</a>',
        '<a href="https://evil.test/">友情链接</a>',
        '<a href="http://[bad">坏</a>',
        "<a>服务备案清单（2024年7月）</a>",
    ],
)
def test_other_links_are_ignored(other):
    found = discover(other, link("2024年6月"), other)
    assert (list(found.documents), found.alarms) == (["2024-06"], ())


@pytest.mark.parametrize("more", ["", "&share=weixin", "&fText=服务备案清单（2024年6月）"])
def test_repeated_link_is_one_document(more):
    found = discover(link("2024年6月"), link("2024年6月", more=more))
    assert (list(found.documents), found.problems) == (["2024-06"], ())


def test_second_document_of_a_month_is_a_problem():
    found = discover(
        link("2024年6月", "a"),
        link("2024年6月", "b", label="服务备案清单（{}）更正"),
        link("2024年7月"),
    )
    assert found.documents["2024-06"].url == f"https://cac.test{DOWNLOAD}a"
    assert list(found.documents) == ["2024-06", "2024-07"]
    (problem,) = found.problems
    assert isinstance(problem, AnnouncementError)
    assert "two documents of 2024-06" in str(problem)
    assert "'服务备案清单（2024年6月）'" in str(problem)
    assert "'服务备案清单（2024年6月）更正'" in str(problem)
    assert problem.url == f"https://cac.test{DOWNLOAD}b"


@pytest.mark.parametrize("links", [(), ('<a href="/a.docx">填报指南（2024年7月）</a>',)])
def test_page_without_matching_link_is_an_error(links, archive):
    store(archive, "2024-05")
    with pytest.raises(AnnouncementError, match="no document with the label 备案清单") as caught:
        discover(*links, archive=archive)
    assert caught.value.url == PAGE


@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        (link("", "a", label="服务备案清单"), AnnouncementError, "names no month"),
        (link("2024年13月"), AnnouncementError, "names no month"),
        (
            link("2024年6月", label="服务备案清单（{}）（2024年7月）"),
            FilingsError,
            "several months",
        ),
        (
            '<a href="https://evil.test/a">服务备案清单（2024年6月）</a>',
            RefusedAddressError,
            "leads outside",
        ),
    ],
)
def test_invalid_link_is_an_error_with_url(bad, error, message):
    with pytest.raises(error, match=message) as caught:
        discover(bad)
    assert caught.value.url == PAGE


def test_invalid_link_is_a_problem_and_others_are_kept():
    found = discover(link("", "a", label="服务备案清单"), link("2024年6月"))
    assert list(found.documents) == ["2024-06"]
    (problem,) = found.problems
    assert "names no month" in str(problem) and PAGE in str(problem)


@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(404), NotFoundError), (Reply(503), TransientFetchError)]
)
def test_failed_request_is_an_error(reply, error):
    session, _, _ = scripted(reply)
    with pytest.raises(error):
        REGISTER.discover(session, {})


def test_size_of_page_is_limited():
    page = html(link("2024年6月")) + b" " * MAX_PAGE_BYTES
    session, _, _ = scripted(Reply(body=page), max_bytes=2 * MAX_PAGE_BYTES)
    with pytest.raises(FetchError, match="larger than 1,048,576 bytes"):
        REGISTER.discover(session, {})


def test_page_is_decoded_by_its_content_type():
    content = html(link("2024年6月")).decode().encode("utf-16-le")
    session, _, _ = scripted(Reply(body=content, headers={"Content-Type": "a; charset=utf-16le"}))
    assert list(REGISTER.discover(session, {}).documents) == ["2024-06"]


def test_links_are_resolved_against_redirected_page():
    moved = Reply(302, b"", {"Location": "https://beian.test/there/"})
    session, _, _ = scripted(moved, Reply(body=html('<a href="a.docx">备案清单（2024年6月）</a>')))
    (found,) = REGISTER.discover(session, {}).documents.values()
    assert found.url == "https://beian.test/there/a.docx"
    assert found.page_urls == ("https://beian.test/there/",)


def test_archived_document_is_discovered_after_page_drops_it(archive):
    for month in ("2024-05", "2024-06"):
        store(archive, month)
    found = discover(link("2024年6月"), link("2024年7月"), archive=archive)
    assert {key: item.is_listed for key, item in found.documents.items()} == {
        "2024-05": True, "2024-06": True, "2024-07": True,
    }  # fmt: skip
    assert found.gaps == (f"2024-05, to which {PAGE} linked before",)
    assert found.documents["2024-05"] == Document(
        "2024-05",
        url=f"https://cac.test{DOWNLOAD}2024-05",
        page_urls=(PAGE,),
        label="服务备案清单（2024-05）",
        month="2024-05",
    )


def test_attachment_is_fetched_and_discovered_from_archive(archive):
    content = make_docx(table(row(*HEADINGS), row(*make_filing_cells())))
    session, script, _ = scripted(
        Reply(body=html(link("2024年6月", "a"))), Reply(body=content)
    )  # fmt: skip
    (document,) = REGISTER.discover(session, {}).documents.values()
    first = fetch_document(session, REGISTER, document, archive)
    assert first.is_new and first.table and len(first.table.rows) == 1
    assert script.requests[-1].headers["Referer"] == PAGE
    assert first.version.facts == Facts(
        key="2024-06",
        label="服务备案清单（2024年6月）",
        month="2024-06",
        page_url=PAGE,
        kind="docx",
    )
    remembered = discover(link("2024年7月"), archive=archive).documents["2024-06"]
    assert remembered == document
    assert not fetch_document(session, REGISTER, remembered, archive).is_new


def test_file_that_disappears_after_page_drops_it_is_reported(archive):
    store(archive, "2024-05")
    dropped = discover(link("2024年6月"), archive=archive).documents["2024-05"]
    session, _, _ = scripted(Reply(404))
    assert "404" in str(fetch_document(session, REGISTER, dropped, archive).gone)


@pytest.mark.parametrize(
    "period", ["2024年", "2024年度", "2024年全年", "2024年汇总", "2024年1月至12月", "2024年1—12月",
               "2023年、2024年", "2024年1月至2024年12月", "截至2024年底", "截至2024年12月底"],
)  # fmt: skip
def test_summary_of_a_year_is_not_a_document(period):
    found = discover(link(period, "a"), link("2024年12月", "b"))
    assert [item.url for item in found.documents.values()] == [f"https://cac.test{DOWNLOAD}b"]
    assert found.alarms == ()


@pytest.mark.parametrize(
    "period", ["2024年上半年", "2024年第四季度", "2024年冬季", "2026年9", "2027年第一批",
               "2027年度第一批", "2026年九月", "2026年更新", "第一批"],
)  # fmt: skip
def test_period_without_month_is_a_problem_that_names_the_label(period):
    found = discover(link(period, "a"), link("2024年12月", "b"))
    assert list(found.documents) == ["2024-12"]
    (problem,) = found.problems
    assert f"the label '服务备案清单（{period}）' names no month" in str(problem)


def test_period_without_month_is_a_problem_also_in_a_link_without_extension():
    found = discover('<a href="/files/a">服务备案清单（2027年第一批）</a>', link("2024年12月"))
    assert "names no month" in str(found.problems[0])


@pytest.mark.parametrize("text", ["关于发布2024年服务备案清单的公告", "2024年度服务备案清单"])
def test_link_to_page_about_a_year_is_ignored(text):
    found = discover(f'<a href="/2025-01/08/c_1.htm">{text}</a>', link("2024年12月"))
    assert (list(found.documents), found.alarms) == (["2024-12"], ())


def test_label_with_month_takes_precedence_over_one_of_a_year():
    listed = link("2024年", "a", more="&fText=服务备案清单（2024年6月）")
    assert list(discover(listed).documents) == ["2024-06"]


def test_label_without_year_does_not_make_a_summary_a_document():
    summary = link("", "a", label="服务备案清单", more="&fText=服务备案清单（2024年）")
    found = discover(summary, link("2024年6月"))
    assert (list(found.documents), found.alarms) == (["2024-06"], ())


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ('<a href="/a.docx">服务变更清单</a>', "服务变更清单"),
        ('<a href="/b/a.PDF?x=1">服务登记名单（2024年7月）</a>', "服务登记名单（2024年7月）"),
        (f'<a href="{DOWNLOAD}x&fText=%E9%99%84%E4%BB%B6"></a>', "附件"),
        ('<a href="/a.xlsx"><img src="icon.png"></a>', "/a.xlsx"),
        ('<a href="/a.docx">服务注销清单</a><a href="/a.docx">下载</a>', "服务注销清单"),
    ],
)
def test_other_file_is_unrecognised(other, name):
    found = discover(other, link("2024年6月"))
    assert (list(found.documents), found.problems) == (["2024-06"], ())
    (unrecognised,) = found.unrecognised
    assert f"a file of an unknown kind: '{name}" in str(unrecognised)
    assert unrecognised.url == PAGE


def test_page_with_other_files_only_is_an_error_that_names_one():
    with pytest.raises(AnnouncementError, match="unknown kind: '服务变更清单'"):
        discover('<a href="/a.docx">服务变更清单</a>')


@pytest.mark.parametrize(
    "links",
    [
        '<a href="{0}"><b>服务</b><span>备案</span>清单（<i>2024年</i>6月）</a>',
        '<a href="{0}">服务备</a><a href="{0}">案清单（2024年</a><a href="{0}">6月）</a>',
        '<a href="{0}">服务备案清单<br>（2024年6月）</a>',
    ],
    ids=["over tags", "over links", "over lines"],
)
def test_label_may_be_split(links):
    found = discover(links.format(f"{DOWNLOAD}a"))
    assert found.documents["2024-06"].url == f"https://cac.test{DOWNLOAD}a"
    assert found.alarms == ()


def test_link_to_page_with_month_is_a_document():
    found = discover('<a href="/2024-06/05/c_1.htm">服务备案清单（2024年6月）</a>')
    assert found.documents["2024-06"].url == "https://cac.test/2024-06/05/c_1.htm"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://www.cac.gov.cn/cms/a.docx", "https://cac.test/cms/a.docx"),
        ("http://www.cac.gov.cn/cms/a.docx", "https://cac.test/cms/a.docx"),
        ("//beian.cac.gov.cn/a.docx", "https://beian.test/a.docx"),
        ("../cms/a.docx", "https://cac.test/2023-01/cms/a.docx"),
    ],
)
def test_link_on_mirror_is_resolved_to_the_configured_host(address, url):
    found = discover(f'<a href="{address}">服务备案清单（2024年6月）</a>')
    assert found.documents["2024-06"].url == url


def test_page_in_gbk_is_read_with_its_labels_in_urls():
    label = quote("服务备案清单（2024年6月）".encode("gbk"))
    content = (
        '<meta charset="gb2312"><h1>清单</h1>'
        f'<a href="{DOWNLOAD}a&fText={label}">下载</a>'
        f'<a href="{DOWNLOAD}b">服务备案清单（2024年7月）</a>'
    ).encode("gbk")
    session, _, _ = scripted(Reply(body=content))
    assert list(REGISTER.discover(session, {}).documents) == ["2024-06", "2024-07"]


def keep(archive: Archive, *links: str) -> bool:
    snapshot = discover(*links).snapshot
    assert snapshot and snapshot.suffix == "html"
    return keep_snapshot(archive, snapshot)


def test_page_is_archived_when_its_links_change(archive):
    assert keep(archive, link("2024年6月"))
    assert not keep(archive, link("2024年6月"), "<a href='/other.htm'>新闻</a>")
    assert keep(archive, link("2024年6月"), link("2024年7月"))
    assert keep(archive, link("2024年6月"), link("2024年7月", "b"))
    assert keep(archive, link("2024年6月"), link("2024年7月", "b"), '<a href="/a.pdf">附</a>')
    assert len(archive.versions("other_services/page", "page")) == 4
    assert REGISTER.archived(archive) == {}


@pytest.mark.parametrize("register", [RECOMMENDATION, GENERATIVE_SERVICES])
def test_folder_of_page_is_not_that_of_a_document(register, archive):
    page = "".join(link("2024年6月", label=label) for label in LABELS[register.name])
    session, _, _ = scripted(Reply(body=page.encode()))
    snapshot = register.discover(session, {}).snapshot
    assert snapshot and keep_snapshot(archive, snapshot)
    (folder,) = archive.folders()
    assert folder == f"{register.name}/page"
    assert not any(
        other.owns(folder) for other in (RECOMMENDATION, GENERATIVE_SERVICES, *REGISTERS)
    )
    assert register.owns(register.folder("2024-06"))


@pytest.mark.parametrize("register", [RECOMMENDATION, GENERATIVE_SERVICES])
def test_published_labels_are_documents(register):
    labels = LABELS[register.name]
    links = [link(f"2024年{n}月", f"f{n}", label) for n, label in enumerate(labels, 1)]
    session, script, _ = scripted(Reply(body=html(*links)))
    found = register.discover(session, {})
    assert list(found.documents) == [f"2024-{n:02d}" for n in range(1, len(labels) + 1)]
    assert found.alarms == ()
    assert script.requests[0].url.startswith("https://cac.test/202")


@pytest.mark.parametrize(
    ("register", "other"),
    [(RECOMMENDATION, GENERATIVE_SERVICES), (GENERATIVE_SERVICES, RECOMMENDATION)],
)
def test_labels_of_the_other_register_are_unrecognised(register, other):
    own = link("2024年6月", "own", LABELS[register.name][0])
    foreign = link("2024年6月", "foreign", LABELS[other.name][0])
    session, _, _ = scripted(Reply(body=html(own, foreign)))
    found = register.discover(session, {})
    assert [item.url for item in found.documents.values()] == [f"https://cac.test{DOWNLOAD}own"]
    assert len(found.unrecognised) == 1
