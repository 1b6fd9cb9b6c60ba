"""What looks the same has the same key."""

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
