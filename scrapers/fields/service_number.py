"""Numbers of generative AI services, such as Beijing-WenXinYiYan-20230821.

No published source describes the grammar; it is inferred from the published numbers:

    Region-Name-YYYYMMDD        filed until the end of 2024
    Region-Name-YYYYMMDDnnnn    filed since then; nnnn runs by region
    Region-Name-YYYYMMDDSnnnn   registered

The region is in Latin letters whose spelling varies, so it identifies no province. The name may
contain hyphens and other signs. The date is that of the application's acceptance. One number is cut
off before its date.
"""

import re
from dataclasses import dataclass
from datetime import date

from scrapers.documents.layout import KeyGrammar
from scrapers.errors import FilingNumberError
from scrapers.fields.text_keys import matching_key

REGISTERED_MARK = "S"
# Other hyphens, dashes and the minus sign, which word processors put in place of a hyphen.
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
# The spellings of regions. With a hyphen, one of them begins a number.
_REGIONS = (
    "anhui|beijing|chongqing|fujian|gansu|guangdong|guangxi|guizhou|hainan|hebei|heilongjiang|henan"
    "|hubei|hunan|jiangsu|jiangxi|jilin|liaoning|neimenggu|ningxia|qinghai|shaanxi|shandong"
    "|shanghai|shanxi|shinghai|sichuan|tianjin|xinjiang|xizang|yunnan|zhejiang|zhongyangqiye"
)
_DATE = "20[0-9]{6}"
# A name goes on up to the date, and holds no second number. The longest number has 73 characters.
_NAME = rf"(?:(?!-{_DATE}|-(?i:{_REGIONS})-)[^\s()\u3000-\u9fff]){{1,100}}"
# In a text, other digits may follow a number: those of the next cell, such as 2025/4/10.
_SERIAL = "(?:S?[0-9]{4}(?:[0-9]{2}(?![0-9/]))?(?!/))?"
_KEY = rf"(?<![A-Za-z])[A-Za-z]{{2,20}}-{_NAME}-{_DATE}{_SERIAL}"
_PRINTED, _SEVERAL = re.compile(_KEY), re.compile(rf"(?:{_KEY}){{2,}}")
_WHOLE_OR_CUT_OFF = re.compile(rf"{_KEY}|(?<![A-Za-z])(?i:{_REGIONS})-[A-Za-z0-9.·’-]{{6,100}}")
_OF_ANY_LENGTH = re.compile(rf"[A-Za-z]{{2,20}}-{_NAME}-(?:20[0-9]*S?[0-9]*)?")
_NUMBER = re.compile(
    r"(?P<region>[A-Za-z]+)-(?P<name>[^\s-](?:\S*[^\s-])?)-"
    r"(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?P<mark>S)?(?P<serial>[0-9]{4,6})?"
)


@dataclass(frozen=True)
class ServiceNumber:
    """The parts of a service number.

    `text` is the number without white space, which is the key used elsewhere in the project.
    `serial` is empty if none is printed.
    """

    text: str
    region: str
    name: str
    accepted_on: date
    is_registered: bool
    serial: str


def compact_number(text: str) -> str:
    """A printed number in NFKC form with plain hyphens, without white space and invisible signs."""
    return matching_key(text).translate(_HYPHENS)


def read_service_number(text: str) -> ServiceNumber | None:
    """The parts of a printed number, or None if the text is not one."""
    compact = compact_number(text)
    match = _NUMBER.fullmatch(compact)
    if match is None:
        return None
    is_registered, serial = match["mark"] is not None, match["serial"] or ""
    if is_registered and not serial:
        return None
    try:
        accepted_on = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return ServiceNumber(
        compact, match["region"], match["name"], accepted_on, is_registered, serial
    )


def parse_service_number(text: str) -> ServiceNumber:
    """Parse a printed number. Raises FilingNumberError if it is not one."""
    number = read_service_number(text)
    if number is None:
        raise FilingNumberError(f"{text!r} is not a service number (Region-Name-YYYYMMDD[S]nnnn)")
    return number


def numbers_in(text: str) -> list[str]:
    """Return every complete number in a text, without white space."""
    return _PRINTED.findall(compact_number(text))


def numbers_or_parts_in(text: str) -> list[str]:
    """Return every number in a text, and every truncated one: a region with the start of a name."""
    return _WHOLE_OR_CUT_OFF.findall(compact_number(text))


def is_number(text: str) -> bool:
    """Whether a text is one printed number. Its date is not verified."""
    return _PRINTED.fullmatch(compact_number(text)) is not None


def is_number_of_any_length(text: str) -> bool:
    """Whether a text is printed like a number, with any number of digits, even none."""
    return _OF_ANY_LENGTH.fullmatch(compact_number(text)) is not None


def is_several_numbers(text: str) -> bool:
    """Whether a text consists of two or more numbers."""
    return _SEVERAL.fullmatch(compact_number(text)) is not None


SERVICE_NUMBER_GRAMMAR = KeyGrammar(
    noun="service number",
    keys_in=numbers_in,
    keys_or_parts_in=numbers_or_parts_in,
    is_key=is_number,
    is_key_of_any_length=is_number_of_any_length,
    is_several_keys=is_several_numbers,
)
