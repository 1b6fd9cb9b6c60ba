"""Announcement pages: the batch, and the link to its list."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from scrapers.errors import AnnouncementError, FilingsError, RefusedAddressError
from scrapers.http.addresses import Source
from scrapers.http.responses import Fetched
from scrapers.registers.discovery.announcement_page import announces_batch, read_announcement_page
from tests.scrapers.registers.scripted import PAGE, SOURCE

TITLE = "国家互联网信息办公室关于发布第十一批深度合成服务算法备案信息的公告"
LABEL = "境内深度合成服务算法备案清单（2025年5月）"
LIST = "/cms/pub/interact/downloadfile.jsp?filepath=~a/b=="


def link(label: str = LABEL, href: str = f"{LIST}&fText=LABEL", text: str | None = None) -> str:
    return f'<a href="{href.replace("LABEL", label)}">{label if text is None else text}</a>'


def html(*links: str, title: str = TITLE) -> bytes:
    return f"<title>{title}_网站</title><h1> {title} </h1><p>{''.join(links)}</p>".encode()


def read(*links: str, title: str = TITLE):
    return read_announcement_page(html(*links, title=title), PAGE, SOURCE)


def test_page_has_batch_label_month_and_url():
    page = read(link())
    assert (page.batch_no, page.label, page.list_month) == (11, LABEL, "2025-05")
    assert page.title == TITLE
    assert page.list_url.startswith(f"https://cac.test{LIST}&fText=")


def test_title_without_ordinal_is_first_batch():
    assert read(link(), title=TITLE.replace("第十一批", "")).batch_no == 1


def test_title_with_invalid_ordinal_is_an_error():
    with pytest.raises(FilingsError, match="cannot be read") as caught:
        read(link(), title=TITLE.replace("十一", "十十"))
    assert caught.value.url == PAGE


@pytest.mark.parametrize(
    "label",
    [
        "境内深度合成服务算法备案清单( 2025 年 05 月 )",
        "境内深度合成服务算法备案清单（２０２５年５月）.docx",
    ],
)
def test_label_month_is_read_in_any_width(label):
    assert read(link(label)).list_month == "2025-05"


def test_label_is_read_from_url_or_text():
    assert read(link(text="附件")).label == LABEL
    assert read(link(href=f"{LIST}&fText=LABEL#top", text="附件")).label == LABEL
    assert read(link(href=LIST)).label == LABEL
    assert read(link(text=f"附件：{LABEL}")).label == LABEL


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_label_in_url_is_read_in_utf8_or_gbk(encoding):
    quoted = quote(LABEL, encoding=encoding)
    assert read(link(href=f"{LIST}&fText={quoted}", text="附件")).label == LABEL


def test_other_links_are_ignored():
    others = (
        '<a href="https://evil.test/">友情链接</a><a href="http://[bad">坏</a>'
        '<a>无</a><a href="">空</a>'
        '<a href="/notice?fText=算法备案清单填报说明">说明</a>'
    )
    assert read(others, link(), others).list_month == "2025-05"


@pytest.mark.parametrize(
    "again",
    [
        link(),
        link(href=f"{LIST}&fText=LABEL&share=weixin"),
        link(href=f"https://cac.test:443{LIST}&fText=LABEL"),
        link(href=f"http://cac.test{LIST}"),
        f'<div style="display:none">{link()}</div>',
    ],
)
def test_repeated_link_to_same_document_is_one_list(again):
    assert read(link(), again).list_url == read(link()).list_url
    assert read(again, link()).batch_no == 11


@pytest.mark.parametrize("links", [(), (link(href=f"{LIST}2&fText=LABEL"), link())])
def test_page_without_exactly_one_list_is_an_error(links):
    with pytest.raises(
        AnnouncementError, match=f"must link to one list, but links to {len(links)} "
    ) as caught:
        read(*links)
    assert caught.value.url == PAGE


def test_error_names_both_lists():
    with pytest.raises(AnnouncementError) as caught:
        read(link(), link(LABEL.replace("5月", "6月"), href=f"{LIST}2&fText=LABEL"))
    assert all(part in str(caught.value) for part in ("5月", "6月", f"{LIST}&", f"{LIST}2&"))


def test_links_without_filepath_are_distinguished_by_query():
    with pytest.raises(AnnouncementError, match="but links to 2 "):
        read(link(href="/a.docx?v=1&fText=LABEL"), link(href="/a.docx?v=2&fText=LABEL"))


def test_document_linked_with_two_months_is_an_error():
    with pytest.raises(AnnouncementError, match=r"the same document as .*5月.* and as .*6月"):
        read(link(), link(LABEL.replace("5月", "6月")))


def test_link_with_different_months_in_url_and_text_is_an_error():
    with pytest.raises(AnnouncementError, match="different months"):
        read(link(text=LABEL.replace("5月", "6月")))


def test_label_without_month_is_an_error():
    with pytest.raises(AnnouncementError, match="'深度合成服务算法备案清单' names no month"):
        read(link("深度合成服务算法备案清单"))


def test_list_outside_source_is_refused():
    with pytest.raises(RefusedAddressError):
        read(link(href="https://evil.test/list?fText=LABEL"))


@pytest.mark.parametrize("title", ["系统维护通知", ""])
def test_page_without_batch_title_is_an_error_with_title(title):
    with pytest.raises(AnnouncementError, match=f"{title or '_网站'}.*announces no batch"):
        read(link(), title=title)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html></html>", b"{}"])
def test_content_without_title_is_an_error(content):
    with pytest.raises(AnnouncementError, match="announces no batch"):
        read_announcement_page(content, PAGE, SOURCE)


@pytest.mark.parametrize(
    "title",
    [
        TITLE.replace("服务算法", "服务\r\n\t算法"),
        TITLE.replace("服务算法", "服务<br/>算法"),
        TITLE.replace("服务算法", "服务&nbsp;\u200b\ufeff算法"),
        TITLE.replace("第十一批", "第<b>１１</b>批"),
    ],
)
def test_title_is_normalised(title):
    assert read(link(), title=title).batch_no == 11


@pytest.mark.parametrize(
    "label",
    [
        LABEL.replace("服务算法", "服务 \u200b算法"),
        LABEL.replace("2025年5月", "2025&nbsp;年 5 月"),
    ],
)
def test_label_is_normalised(label):
    assert read(link(label)).list_month == "2025-05"


def test_label_with_span_has_last_month():
    assert read(link(LABEL.replace("5月", "4月—5月"))).list_month == "2025-05"


def test_label_with_several_months_is_an_error():
    with pytest.raises(FilingsError, match="several months") as caught:
        read(link(LABEL + "（2025年6月更新）"))
    assert caught.value.url == PAGE


def test_title_with_two_batches_is_an_error():
    with pytest.raises(FilingsError, match="more than one batch"):
        read(link(), title=TITLE.replace("第十一批", "第四批和第五批"))


def test_titles_with_different_batches_are_an_error():
    content = (
        html(link()).decode().replace("<h1> 国家互联网信息办公室关于发布第十一批", "<h1>第十二批")
    )
    with pytest.raises(AnnouncementError, match="titles of the page name different batches"):
        read_announcement_page(content.encode(), PAGE, SOURCE)


def test_page_declared_gb2312_is_decoded_as_gb18030():
    page = b'<meta charset="gb2312">' + html(link(), "<p>镕喆㐀</p>")
    for encoding in ("gb18030", "utf-8"):
        assert read_announcement_page(page.decode().encode(encoding), PAGE, SOURCE).batch_no == 11


def test_page_is_decoded_by_content_type():
    content = html(link()).decode().encode("utf-16-le")
    page = read_announcement_page(content, PAGE, SOURCE, "text/html; charset=UTF-16LE")
    assert page.batch_no == 11


def test_undecodable_page_is_an_error():
    with pytest.raises(AnnouncementError, match="cannot be decoded") as caught:
        read_announcement_page(html(link()) + b"\xff<p>", PAGE, SOURCE)
    assert caught.value.url == PAGE


def test_list_linked_by_bare_host_is_accepted():
    source = Source("https://www.cac.test", "https://beian.test")
    page = read_announcement_page(html(link(href=f"http://cac.test{LIST}")), PAGE, source)
    assert page.list_url == f"https://www.cac.test{LIST}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (html(), True),
        (html().decode().encode("gbk"), True),
        (b"<title>busy</title>", False),
        (b"\xff<p>", False),
        (b"", False),
    ],
)
def test_announces_batch_checks_title(content, expected):
    fetched = Fetched(PAGE, PAGE, content, {}, datetime.now(UTC))
    assert announces_batch(fetched) is expected
