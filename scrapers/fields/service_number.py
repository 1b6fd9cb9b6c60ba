"""Numbers of generative AI services, such as Beijing-WenXinYiYan-20230821.

No published source describes the grammar; it is inferred from the published numbers:

    Region-Name-YYYYMMDD        filed until the end of 2024
    Region-Name-YYYYMMDDnnnn    filed since then; nnnn runs by region
    Region-Name-YYYYMMDDSnnnn   registered

The region is in Latin letters whose spelling varies, so it identifies no province. The name may
contain hyphens and other signs. The date is that of the application's acceptance.
"""

import re
from dataclasses import dataclass
from datetime import date

from scrapers.errors import FilingNumberError
from scrapers.fields.text_keys import matching_key

REGISTERED_MARK = "S"
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
    """A printed number without white space and zero-width characters, in NFKC form."""
    return matching_key(text)


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
