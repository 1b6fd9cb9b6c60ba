"""Service numbers: their parts, and how the readers recognise them in texts."""

from datetime import date

import pytest

from scrapers.errors import FilingNumberError
from scrapers.fields.service_number import (
    SERVICE_NUMBER_GRAMMAR,
    ServiceNumber,
    parse_service_number,
    read_service_number,
)
from tests.scrapers.fields.timing import assert_linear_time
from tests.support.service_lists import published_lists

GRAMMAR = SERVICE_NUMBER_GRAMMAR
WITHOUT_SERIAL = "Beijing-WenXinYiYan-20230821"
FILED = "Guangdong-ShangTangAIDaiMaShengChengMoXing-202503050020"
REGISTERED = "Shaanxi-Xi’anZhiJian·ZhuShou-20260106S0004"
HYPHENED = "Guangdong-PuShiAI-ShiTangYunYing-202604200140"
LONG = "ZheJiang-HuaShu-20250609000026"
CUT_OFF = "Jiangsu-SiWeiXiangLiangZhiSuanYun-"
NUMBERS = (WITHOUT_SERIAL, FILED, REGISTERED, HYPHENED, LONG)


def test_number_has_parts():
    assert parse_service_number(" Shaanxi-Xi’an\nZhi Jian-2026 0106S0004 ") == ServiceNumber(
        "Shaanxi-Xi’anZhiJian-20260106S0004",
        "Shaanxi",
        "Xi’anZhiJian",
        date(2026, 1, 6),
        True,
        "0004",
    )
    assert parse_service_number(HYPHENED).name == "PuShiAI-ShiTangYunYing"
    assert parse_service_number(WITHOUT_SERIAL).serial == ""


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\uff0d"])
def test_other_hyphens_are_read_as_plain_ones(hyphen):
    printed = FILED.replace("-", hyphen)
    assert parse_service_number(printed).text == FILED
    assert GRAMMAR.is_key(printed)
    assert GRAMMAR.keys_in(f"（{printed}）") == [FILED]


@pytest.mark.parametrize("text", [CUT_OFF, "", "Beijing-A-20231321", "Beijing-A-20230821S", "A-1"])
def test_other_text_is_not_a_number(text):
    assert read_service_number(text) is None
    with pytest.raises(FilingNumberError, match="is not a service number"):
        parse_service_number(text)


@pytest.mark.parametrize("number", NUMBERS)
def test_number_is_found_in_text(number):
    assert GRAMMAR.is_key(number) and GRAMMAR.is_key_of_any_length(number)
    assert not GRAMMAR.is_several_keys(number)
    text = f"编号（{number[:9]} {number[9:]}），见附件"
    assert GRAMMAR.keys_in(text) == GRAMMAR.keys_or_parts_in(text) == [number]


@pytest.mark.parametrize("number", [FILED, REGISTERED, HYPHENED, WITHOUT_SERIAL])
@pytest.mark.parametrize("after", ["2025/4/10", "2025/4/10（补登）348广东省"])
def test_number_ends_before_the_date_of_the_next_cell(number, after):
    assert GRAMMAR.keys_in(number + after) == [number]


@pytest.mark.parametrize("first", NUMBERS)
@pytest.mark.parametrize("second", NUMBERS)
def test_several_numbers_are_recognised(first, second):
    assert GRAMMAR.is_several_keys(first + second)
    assert not GRAMMAR.is_key(first + second)


@pytest.mark.parametrize("text", ["Guangdong-ShangTangAIDai", "ZHEJIANG-AIZhuShou", CUT_OFF])
def test_truncated_number_is_a_part(text):
    assert GRAMMAR.keys_or_parts_in(f"甲{text}") == [text]
    assert GRAMMAR.keys_in(text) == []


@pytest.mark.parametrize("text", ["Wi-Fi", "Beijing - China", "AI-Agent平台", "2025-06-30"])
def test_other_text_with_hyphens_is_no_part(text):
    assert GRAMMAR.keys_or_parts_in(text) == []


@pytest.mark.parametrize(
    ("text", "expected"), [(CUT_OFF, True), (FILED + "9", True), ("20250305", False)]
)
def test_number_of_any_length(text, expected):
    assert GRAMMAR.is_key_of_any_length(text) == expected
    assert not GRAMMAR.is_key(text)


def test_name_holds_no_second_number():
    assert not GRAMMAR.is_key(CUT_OFF + WITHOUT_SERIAL)


@pytest.mark.parametrize("unit", ["a", "a-", "Beijing-", "-20230821", "AB-x", "A-b-20230821S", "1"])
def test_long_text_takes_linear_time(unit):
    for function in (GRAMMAR.keys_in, GRAMMAR.keys_or_parts_in, GRAMMAR.is_several_keys):
        assert_linear_time(lambda text, read=function: read(f"Beijing-{text}"), unit)


def test_published_numbers_are_recognised():
    rows = [
        row for tables in published_lists().values() for rows in tables.values() for row in rows
    ]
    if not rows:
        pytest.skip("no published rows next to the checkout")
    others = [row[4] for row in rows if not GRAMMAR.is_key(row[4])]
    assert others == [CUT_OFF]
    assert all(GRAMMAR.keys_in(row[4]) for row in rows if row[4] != CUT_OFF)
