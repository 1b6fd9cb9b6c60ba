"""Texts of the source are escaped for terminals and Markdown."""

import pytest

from orchestration.runtime.texts import harmless, literal
from orchestration.warehouse.preview import markdown_table

ACTING = [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F]
ACTING += [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xDFFF]


@pytest.mark.parametrize("code", ACTING, ids=hex)
def test_control_character_is_replaced(code):
    assert harmless(f"a{chr(code)}b") == "a\ufffdb"


@pytest.mark.parametrize(
    "text", ["a\n\tb", "算法 （甲）", "😀", "e\u0301", "\u3000", "a\u200bb", ""]
)
def test_other_characters_are_kept(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("http://a.b", ("http:", "//a.b")),
        ("ftp://a.b", ("ftp:", "//a.b")),
        ("WWW.a.b", ("WWW", ".a.b")),
        ("甲x@a.b乙", ("甲x@", "a.b乙")),
        ("@team", ("@", "team")),
        (":bug:", (":", "bug:")),
    ],
)
def test_autolinks_and_emoji_names_are_broken(text, parts):
    assert literal(text) == "\u200b".join(parts)


@pytest.mark.parametrize("text", ["甲：乙", "a:b", "12:30:45", "a @ b", "wwwa", "1/2", "//a"])
def test_text_without_autolink_is_kept(text):
    assert literal(text) == text


def test_preview_escapes_markup():
    rows = [{"name": "[x](http://a.b) **c** | ~d~ <img>", "note": None, "share": 0.123456}]
    assert markdown_table(rows).splitlines()[2] == (
        "| \\[x\\](http:\u200b//a.b) \\*\\*c\\*\\* \\| \\~d\\~ \\<img\\> |  | 0.1235 |"
    )


def test_long_cell_of_preview_is_cut_before_escaping():
    (line,) = markdown_table([{"name": "*" * 61}]).splitlines()[2:]
    assert line == "| " + r"\*" * 60 + "… |"
