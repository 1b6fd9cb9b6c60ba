"""An announcement page: its batch, and the one list it links to."""

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


def test_batch_label_month_and_address_are_read():
    page = read(link())
    assert (page.batch_no, page.label, page.list_month) == (11, LABEL, "2025-05")
    assert page.title == TITLE
    assert page.list_url.startswith(f"https://cac.test{LIST}&fText=")


def test_a_title_without_ordinal_is_the_first_batch():
    assert read(link(), title=TITLE.replace("第十一批", "")).batch_no == 1


def test_a_title_with_an_unreadable_ordinal_is_not_the_first_batch():
    with pytest.raises(FilingsError, match="cannot be read") as caught:
        read(link(), title=TITLE.replace("十一", "十十"))
    assert caught.value.url == PAGE


@pytest.mark.parametrize(
    "label",
    [
        LABEL,
        "境内深度合成服务算法备案清单(2025年5月)",
        "境内深度合成服务算法备案清单（ 2025 年 05 月 ）",
        "境内深度合成服务算法备案清单（２０２５年５月）.docx",
    ],
)
def test_brackets_spaces_and_digits_of_the_label_may_be_of_either_width(label):
    assert read(link(label)).list_month == "2025-05"


def test_the_label_can_stand_in_the_address_or_in_the_text_alone():
    assert read(link(text="附件")).label == LABEL
    assert read(link(href=LIST)).label == LABEL


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_label_in_the_address_may_be_in_utf8_or_gbk(encoding):
    quoted = quote(LABEL, encoding=encoding)
    assert read(link(href=f"{LIST}&fText={quoted}", text="附件")).label == LABEL


def test_other_links_do_not_matter():
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
def test_the_same_document_linked_twice_is_one_list(again):
    assert read(link(), again).list_url == read(link()).list_url
    assert read(again, link()).batch_no == 11


@pytest.mark.parametrize("links", [(), (link(href=f"{LIST}2&fText=LABEL"), link())])
def test_a_page_must_link_to_exactly_one_list(links):
    with pytest.raises(AnnouncementError, match=f"links to {len(links)} lists") as caught:
        read(*links)
    assert caught.value.url == PAGE


def test_two_lists_are_both_named():
    with pytest.raises(AnnouncementError) as caught:
        read(link(), link(LABEL.replace("5月", "6月"), href=f"{LIST}2&fText=LABEL"))
    assert all(part in str(caught.value) for part in ("5月", "6月", f"{LIST}&", f"{LIST}2&"))


def test_two_documents_without_filepath_are_two_lists():
    with pytest.raises(AnnouncementError, match="links to 2 lists"):
        read(link(href="/a.docx?v=1&fText=LABEL"), link(href="/a.docx?v=2&fText=LABEL"))


def test_one_document_under_two_months_is_refused():
    with pytest.raises(AnnouncementError, match="one document as .*5月.* and as .*6月"):
        read(link(), link(LABEL.replace("5月", "6月")))


def test_a_link_whose_address_and_text_name_different_months_is_refused():
    with pytest.raises(AnnouncementError, match="different months"):
        read(link(text=LABEL.replace("5月", "6月")))


def test_a_label_without_month_is_an_error_that_shows_it():
    with pytest.raises(AnnouncementError, match="'深度合成服务算法备案清单' names no month"):
        read(link("深度合成服务算法备案清单"))


def test_a_list_on_a_foreign_host_is_refused():
    with pytest.raises(RefusedAddressError):
        read(link(href="https://evil.test/list?fText=LABEL"))


@pytest.mark.parametrize("title", ["系统维护通知", ""])
def test_a_page_that_announces_no_batch_is_an_error_that_shows_its_title(title):
    with pytest.raises(AnnouncementError, match=f"{title or '_网站'}.*announces no batch"):
        read(link(), title=title)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html></html>", b"{}"])
def test_what_is_no_page_has_no_title(content):
    with pytest.raises(AnnouncementError, match="announces no batch"):
        read_announcement_page(content, PAGE, SOURCE)


@pytest.mark.parametrize(
    "title",
    [
        TITLE.replace("服务算法", "服务 算法"),
        TITLE.replace("服务算法", "服务\r\n\t算法"),
        TITLE.replace("服务算法", "服务<br/>算法"),
        TITLE.replace("服务算法", "服务<span>算</span>法"),
        TITLE.replace("服务算法", "服务&nbsp;\u200b\ufeff算法"),
        TITLE.replace("服务算法", "算法"),
        TITLE.replace("第十一批", "第 11 批"),
        TITLE.replace("第十一批", "第１１批"),
        TITLE.replace("第十一批", "第<b>十一</b>批"),
        TITLE.replace("第十一批", "第拾壹批"),
    ],
)
def test_titles_are_compared_squeezed(title):
    assert read(link(), title=title).batch_no == 11


@pytest.mark.parametrize(
    "label",
    [
        LABEL.replace("服务算法", "服务 算法"),
        LABEL.replace("服务算法", "服务\u200b算法"),
        LABEL.replace("服务算法", "算法"),
        LABEL.replace("2025年5月", "2025&nbsp;年 5 月"),
    ],
)
def test_labels_are_compared_squeezed(label):
    assert read(link(label)).list_month == "2025-05"


def test_a_label_of_two_months_is_that_of_the_later():
    assert read(link(LABEL.replace("5月", "4月—5月"))).list_month == "2025-05"


def test_a_label_of_unclear_months_is_refused():
    with pytest.raises(FilingsError, match="several months") as caught:
        read(link(LABEL + "（2025年6月更新）"))
    assert caught.value.url == PAGE


@pytest.mark.parametrize("title", ["第四批和第五批", "第四批、五批"])
def test_a_title_of_two_batches_is_refused(title):
    with pytest.raises(FilingsError, match="more than one batch"):
        read(link(), title=TITLE.replace("第十一批", title))


def test_titles_that_name_different_batches_are_refused():
    content = (
        html(link()).decode().replace("<h1> 国家互联网信息办公室关于发布第十一批", "<h1>第十二批")
    )
    with pytest.raises(AnnouncementError, match="titles of the page name several batches"):
        read_announcement_page(content.encode(), PAGE, SOURCE)


@pytest.mark.parametrize("label", ["gb2312", "gbk", "gb18030"])
def test_a_page_declared_gb2312_may_hold_any_character_of_gb18030(label):
    page = f'<meta charset="{label}">'.encode() + html(link(), "<p>镕喆㐀</p>")
    for encoding in ("gb18030", "utf-8"):
        assert read_announcement_page(page.decode().encode(encoding), PAGE, SOURCE).batch_no == 11


def test_the_header_names_the_character_set_too():
    content = html(link()).decode().encode("utf-16-le")
    page = read_announcement_page(content, PAGE, SOURCE, "text/html; charset=UTF-16LE")
    assert page.batch_no == 11


def test_a_page_that_cannot_be_decoded_says_so():
    with pytest.raises(AnnouncementError, match="cannot be decoded") as caught:
        read_announcement_page(html(link()) + b"\xff<p>", PAGE, SOURCE)
    assert caught.value.url == PAGE


def test_a_list_may_be_linked_by_the_bare_host():
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
def test_a_batchs_page_is_known_by_its_title(content, expected):
    fetched = Fetched(PAGE, PAGE, content, {}, datetime.now(UTC))
    assert announces_batch(fetched) is expected
