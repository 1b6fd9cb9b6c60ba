"""Illegible characters are found and named; all others are legible."""

import polars as pl
import pytest

from scrapers.documents.legible import ILLEGIBLE, illegible_characters, shown_characters


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("甲(cid:12)乙(cid:7)(cid:12)", ["(cid:12)", "(cid:7)"]),
        ("甲\ufffd", ["U+FFFD"]),
        ("甲\ufffc", ["U+FFFC"]),
        ("\ue000\uf8ff", ["U+E000", "U+F8FF"]),
        ("\U000f0000\U0010fffd", ["U+F0000", "U+10FFFD"]),
        ("甲\x00乙\x08\x7f\x9f", ["U+0000", "U+0008", "U+007F", "U+009F"]),
        ("\ud800\ufffe", ["U+D800", "U+FFFE"]),
    ],
)
def test_illegible_characters_are_listed_once(text, signs):
    assert illegible_characters(text) == signs


@pytest.mark.parametrize(
    "text",
    ["", "厦⻔⻓⻛㎡①®•·，", "a\tb\nc\xa0\u3000d", "\u200b\ufeff", "(cid)", "𠘨𦈘"],
)
def test_rare_characters_and_white_space_are_legible(text):
    assert illegible_characters(text) == []


@pytest.mark.parametrize("code", [0x00, 0x1B, 0x1C, 0x9F, 0xA0, 0xE000, 0xFFFC, 0xFFFF, 0x10FFFF])
def test_pattern_means_the_same_to_polars(code):
    found = pl.Series([chr(code)]).str.contains(ILLEGIBLE)[0]
    assert found == bool(illegible_characters(chr(code)))


def test_message_shows_first_characters_and_count_of_others():
    assert shown_characters([f"U+E00{n}" for n in range(7)]).endswith("U+E004 and 2 more")
