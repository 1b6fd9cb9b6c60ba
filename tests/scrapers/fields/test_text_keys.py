"""Matching keys: texts that look the same have the same key."""

import pytest

from scrapers.fields.text_keys import matching_key
from tests.scrapers.fields.timing import assert_linear_time


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("厦⻔⻓⻛", "厦门长风"),
        ("⾏动", "行动"),
        # NFKC alone would give 戶, 靑 and 黃.
        ("客⼾⾭⿈", "客户青黄"),
        ("戶", "戶"),
        ("ＡＩ　助\u200b手\n①", "AI助手1"),
    ],
)
def test_key_ignores_width_radicals_and_invisible_characters(text, key):
    assert matching_key(text) == key


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\uff9e", "\u0f73"])
def test_key_limits_the_combining_marks_of_a_letter(marks):
    key = matching_key("公司" + marks * 5_000)
    assert key.startswith("公司")
    assert len(key) <= 2 + 2 * 30


def test_key_of_combining_marks_takes_linear_time():
    assert_linear_time(matching_key, "\u0301\u0316" * 50)
