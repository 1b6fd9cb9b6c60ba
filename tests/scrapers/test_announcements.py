"""An announcement page: its batch, and the one list it links to."""

import pytest

from scrapers.announcements import read_announcement_page
from scrapers.errors import AnnouncementError, FilingsError, RefusedAddressError
from tests.scrapers.scripted import PAGE, SOURCE

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


def test_other_links_do_not_matter():
    others = (
        '<a href="https://evil.test/">友情链接</a><a href="http://[bad">坏</a>'
        '<a>无</a><a href="">空</a>'
        '<a href="/notice?fText=算法备案清单填报说明">说明</a>'
    )
    assert read(others, link(), others).list_month == "2025-05"


def test_the_same_link_twice_is_one_list():
    assert read(link(), link()).batch_no == 11


@pytest.mark.parametrize(
    ("links", "count"), [((), 0), ((link(), link(href=f"{LIST}2&fText=LABEL")), 2)]
)
def test_a_page_must_link_to_exactly_one_list(links, count):
    with pytest.raises(AnnouncementError, match=f"links to {count} lists") as caught:
        read(*links)
    assert caught.value.url == PAGE


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


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"<html></html>", b"{}"])
def test_what_is_no_page_has_no_title(content):
    with pytest.raises(AnnouncementError, match="announces no batch"):
        read_announcement_page(content, PAGE, SOURCE)
