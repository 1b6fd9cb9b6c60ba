"""Filing numbers: 网信算备 + 21 digits + 号, with seven parts and a check digit.

No published source describes the grammar; it is inferred from the published numbers:

    digits   1-6    7-13    14-15  16-17  18-20   21
    part     region entity  kind   year   serial  check digit
"""

import re
from dataclasses import dataclass

from scrapers.documents.layout import KeyGrammar
from scrapers.errors import FilingNumberError
from scrapers.fields.text_keys import matching_key

PREFIX, SUFFIX = "网信算备", "号"
KINDS = {
    "01": "generative synthesis",
    "02": "personalised push",
    "03": "ranking",
    "04": "retrieval",
    "05": "content filtering",
    "06": "dispatching",
}
_DIGITS = "[0-9]{21}"
_NUMBER = rf"(?:{PREFIX})?({_DIGITS})(?:{SUFFIX})?"
_PRINTED, _SEVERAL = re.compile(_NUMBER), re.compile(rf"(?:{_NUMBER}){{2,}}")
_LENGTH = len(PREFIX) + 21
_ANY_DIGITS = re.compile(_DIGITS)
_WHOLE_OR_CUT_OFF = re.compile(rf"{_DIGITS}[0-9]*|{PREFIX}[0-9]{{6,20}}(?![0-9])")
_OF_ANY_LENGTH = re.compile(rf"{PREFIX}[0-9]+{SUFFIX}")


@dataclass(frozen=True)
class FilingNumber:
    """The parts of a filing number. `digits` is the key used elsewhere in the project."""

    digits: str
    region_code: str
    entity_id: str
    kind_code: str
    issued_year: int
    serial_no: int
    check_digit: int

    @property
    def printed(self) -> str:
        return f"{PREFIX}{self.digits}{SUFFIX}"

    @property
    def has_right_check_digit(self) -> bool:
        return self.check_digit == check_digit(self.digits[:20])


def check_digit(first_twenty: str) -> int:
    """Return the check digit (0-9, always odd) for the first twenty digits of a filing number."""
    product = 0
    for digit in first_twenty:
        product = 2 * (product + int(digit)) % 10
    return (11 - product) % 10


def digits_of(text: str) -> str | None:
    """Return the 21 digits of a printed or bare number, or None if the text is not one.

    Full-width digits, white space and zero-width characters are accepted: lists contain them.
    """
    match = _PRINTED.fullmatch(matching_key(text))
    return match.group(1) if match else None


def numbers_in(text: str) -> list[str]:
    """Return the 21 digits of every number in a text, with or without 网信算备."""
    return _ANY_DIGITS.findall(matching_key(text))


def numbers_or_parts_in(text: str) -> list[str]:
    """Return every number in a text, and every truncated one: 网信算备 with at least six digits.

    A longer sequence of digits is cut to the length of 网信算备 and a number.
    """
    return [found[:_LENGTH] for found in _WHOLE_OR_CUT_OFF.findall(matching_key(text))]


def is_several_numbers(text: str) -> bool:
    """Whether a text consists of two or more numbers."""
    return _SEVERAL.fullmatch(matching_key(text)) is not None


def is_number_of_any_length(text: str) -> bool:
    """Whether a text is printed like a number, 网信算备…号, with any number of digits."""
    return _OF_ANY_LENGTH.fullmatch(matching_key(text)) is not None


def is_number(text: str) -> bool:
    """Whether a text is one printed or bare number. The check digit is not verified."""
    return digits_of(text) is not None


FILING_NUMBER_GRAMMAR = KeyGrammar(
    noun="filing number",
    keys_in=numbers_in,
    keys_or_parts_in=numbers_or_parts_in,
    is_key=is_number,
    is_key_of_any_length=is_number_of_any_length,
    is_several_keys=is_several_numbers,
)


def split(digits: str) -> FilingNumber:
    """Split 21 digits into their seven parts without validating them."""
    return FilingNumber(
        digits=digits,
        region_code=digits[:6],
        entity_id=digits[6:13],
        kind_code=digits[13:15],
        issued_year=2000 + int(digits[15:17]),
        serial_no=int(digits[17:20]),
        check_digit=int(digits[20]),
    )


def parse(text: str) -> FilingNumber:
    """Parse a printed (网信算备…号) or bare number.

    Raises FilingNumberError if it does not have 21 digits or its check digit is wrong.
    """
    digits = digits_of(text)
    if digits is None:
        raise FilingNumberError(
            f"{text!r} is not a filing number ({PREFIX} + 21 digits + {SUFFIX})"
        )
    number = split(digits)
    if not number.has_right_check_digit:
        expected = check_digit(digits[:20])
        raise FilingNumberError(f"{digits} ends in {digits[20]}, but its check digit is {expected}")
    return number
