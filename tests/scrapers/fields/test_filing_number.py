"""Filing numbers: the grammar, the check digit and accepted notations."""

import pytest

from scrapers.errors import FilingNumberError
from scrapers.fields.filing_number import (
    KINDS,
    check_digit,
    digits_of,
    is_number_of_any_length,
    is_several_numbers,
    numbers_in,
    numbers_or_parts_in,
    parse,
)
from scrapers.replica.facts import load_register

NUMBER = "110108645502801230035"
REGISTER = load_register()
NUMBERS = [row.filing_number for rows in REGISTER.filings.values() for row in rows]


def errors(number: str) -> list[str]:
    """The number with one wrong digit, in all 189 ways."""
    return [
        number[:place] + digit + number[place + 1 :]
        for place in range(21)
        for digit in "0123456789"
        if digit != number[place]
    ]


def test_parse_returns_the_seven_parts():
    number = parse(f"网信算备{NUMBER}号")
    assert (number.region_code, number.entity_id, number.kind_code) == ("110108", "6455028", "01")
    assert (number.issued_year, number.serial_no, number.check_digit) == (2023, 3, 5)
    assert number.printed == f"网信算备{NUMBER}号"


def test_every_listed_number_of_the_replica_is_generative_synthesis():
    assert len(NUMBERS) == 7_764
    assert {KINDS[parse(number).kind_code] for number in NUMBERS} == {"generative synthesis"}


def test_every_cancelled_number_of_the_replica_has_a_known_kind():
    kinds = {parse(row.filing_number).kind_code for row in REGISTER.cancellations}
    assert kinds <= set(KINDS) and "01" in kinds and len(kinds) > 1


def test_check_digit_is_odd():
    assert {check_digit(number[:20]) % 2 for number in NUMBERS} == {1}


def test_check_digit_detects_nine_of_ten_single_errors():
    # Doubling modulo 10 maps d and d + 5 to the same digit, so 20 of 189 errors are undetected.
    wrong = [error for number in NUMBERS[::50] for error in errors(number)]
    caught = [error for error in wrong if check_digit(error[:20]) != int(error[20])]
    assert len(caught) / len(wrong) == pytest.approx(169 / 189)


def test_parse_refuses_a_wrong_check_digit_and_gives_the_right_one():
    with pytest.raises(FilingNumberError, match="ends in 7, but its check digit is 5"):
        parse(NUMBER[:20] + "7")


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"网信算备{NUMBER}",
        f" 网信算备 {NUMBER[:9]}\n{NUMBER[9:]} 号 ",
        "网信算备" + NUMBER.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}) + "号",
        f"网信算备\u3000{NUMBER}\u00a0号",
    ],
)
def test_digits_of_ignores_white_space_and_width(text):
    assert digits_of(text) == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "", "--", NUMBER[:20], NUMBER + "1", f"网信算备{NUMBER}号、网信算备{NUMBER}号",
        f"备案{NUMBER}号", NUMBER.replace("1", "l"), "一" * 21, "٣" * 21,
    ],
)  # fmt: skip
def test_text_without_exactly_21_digits_is_not_a_number(text):
    assert digits_of(text) is None
    with pytest.raises(FilingNumberError, match="is not a filing number"):
        parse(text)


OTHER = "310115123456701240011"


@pytest.mark.parametrize(
    ("text", "numbers", "parts"),
    [
        (f"现注销网信算备{NUMBER}号等", [NUMBER], [NUMBER]),
        (f"{NUMBER} {OTHER}", [NUMBER, OTHER], [NUMBER + OTHER[:4]]),
        (f"{NUMBER}、{OTHER}", [NUMBER, OTHER], [NUMBER, OTHER]),
        (f"网 信 算 备{NUMBER[:9]}\n{NUMBER[9:]}", [NUMBER], [NUMBER]),
        (f"{NUMBER}9", [NUMBER], [f"{NUMBER}9"]),
        (f"网信算备{NUMBER[:6]}", [], [f"网信算备{NUMBER[:6]}"]),
        (f"网信算备{NUMBER[:5]}", [], []),
        (NUMBER[:20], [], []),
    ],
)
def test_numbers_and_truncated_numbers_in_a_text(text, numbers, parts):
    assert numbers_in(text) == numbers
    assert numbers_or_parts_in(text) == parts


@pytest.mark.parametrize(
    ("text", "is_several", "is_of_any_length"),
    [
        (f"网信算备{NUMBER}号", False, True),
        (NUMBER, False, False),
        (f"网信算备{NUMBER}号\n网信算备{OTHER}号", True, False),
        (f"{NUMBER}{OTHER}", True, False),
        (f"{NUMBER}和{OTHER}", False, False),
        ("网信算备1101号", False, True),
        ("网信算备号", False, False),
    ],
)
def test_several_numbers_and_numbers_of_any_length(text, is_several, is_of_any_length):
    assert is_several_numbers(text) == is_several
    assert is_number_of_any_length(text) == is_of_any_length
