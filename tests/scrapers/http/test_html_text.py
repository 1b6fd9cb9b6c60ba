"""Decoding of HTML pages, as in a browser."""

import pytest

from scrapers.errors import AnnouncementError
from scrapers.http.html_text import decoded_html

# 㐀 and 𠀀 are only in GB 18030; 镕 and 喆 are in GBK, but not in GB 2312.
TEXT = "国家互联网信息办公室 镕喆㐀𠀀"


def page(label: str, text: str = TEXT) -> str:
    return f'<html><meta charset="{label}"><title>{text}</title></html>'


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030", "x-gbk", "gb_2312-80"])
def test_gb2312_and_gbk_labels_mean_gb18030(label):
    assert TEXT in decoded_html(page(label).encode("gb18030"))
    assert TEXT in decoded_html(page("").encode("gb18030"), f"text/html; charset={label}")


@pytest.mark.parametrize("label", ["gb2312", "utf-8", "utf-16le", "big5", "utf-\x02", "hex", ""])
def test_valid_utf8_is_decoded_as_utf8_under_any_label(label):
    content = page(label).encode()
    assert TEXT in decoded_html(content)
    assert TEXT in decoded_html(content, f"text/html;charset={label}")


@pytest.mark.parametrize("padding", ["", " "], ids=["as is", "one byte longer"])
def test_utf8_without_nul_is_not_decoded_as_declared_utf16(padding):
    content = (page("utf-8") + padding).encode()
    assert TEXT in decoded_html(content, "text/html; charset=utf-16le")


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "nonsense", ""])
def test_invalid_utf8_is_decoded_as_gb18030_under_wrong_label(label):
    assert TEXT in decoded_html(page(label).encode("gb18030"))


def test_header_label_takes_precedence_over_page():
    # 嘅 is only in the extension of Big5 for Hong Kong.
    text = "深度合成嘅服務演算法"
    content = page("gb2312", text).encode("big5hkscs")
    assert text in decoded_html(content, 'text/html; charset="Big5"')


@pytest.mark.parametrize(
    ("content_type", "codec"),
    [
        ("text/html; charset=utf-16le", "utf-16-le"),
        ("text/html; charset=utf-16be", "utf-16-be"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_utf16_and_byte_order_marks_are_decoded(content_type, codec):
    text = decoded_html(page("utf-8").encode(codec), content_type)
    assert text == page("utf-8")


@pytest.mark.parametrize("content", [b"\xff", page("gb2312").encode("gb18030") + b"\xff<p>"])
def test_undecodable_page_is_an_error(content):
    with pytest.raises(AnnouncementError, match="cannot be decoded: it declares"):
        decoded_html(content)
