"""What looks the same has the same key."""

import time

import pytest

from scrapers.fields.text_keys import matching_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("厦⻔⻓⻛", "厦门长风"),
        ("⾏动", "行动"),
        # NFKC alone makes 戶, 靑 and 黃 of these.
        ("客⼾⾭⿈", "客户青黄"),
        ("戶", "戶"),
        ("ＡＩ　助\u200b手\n①", "AI助手1"),
    ],
)
def test_width_radicals_and_what_is_not_seen_make_no_difference(text, key):
    assert matching_key(text) == key


def test_combining_marks_without_end_make_a_key_in_time():
    started = time.process_time()
    key = matching_key("公司" + "\u0301\u0316" * 500_000)
    assert time.process_time() - started < 5
    assert key.startswith("公司") and len(key) < 40
