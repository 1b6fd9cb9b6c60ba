"""English names of cities for the seed; GB/T 2260 has none.

The name of a city is the pinyin of its Chinese name without 市, 地区 or 县. All other names are in
`reviewed_city_names.csv` next to this module: different English names (Harbin), names for which
pypinyin is wrong (长治 is Changzhi), and names with another ending.
"""

import csv
import re
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

from scrapers.errors import FilingsError

REVIEWED_NAMES = Path(__file__).with_name("reviewed_city_names.csv")
PLAIN_NAME = re.compile(r"(.+?)(?:市|地区|(?<!自治)县)")


class CityNameError(FilingsError):
    """A city has no English name."""


def english_city_name(name: str) -> str:
    """The English name of a city with an official name such as 西安市.

    Raises CityNameError if the name has an unknown ending and is not in the reviewed names.
    """
    if name in _reviewed_names():
        return _reviewed_names()[name]
    plain = PLAIN_NAME.fullmatch(name)
    if plain is None:
        raise CityNameError(
            f"no English name is known for {name}", remedy=f"Add a row to {REVIEWED_NAMES}"
        )
    return _pinyin(plain[1])


def _pinyin(name: str) -> str:
    first, *others = lazy_pinyin(name, v_to_u=True)
    # An apostrophe separates syllables that would be ambiguous: Xi'an, not Xian.
    return first.capitalize() + "".join(f"'{s}" if s[0] in "aoe" else s for s in others)


@cache
def _reviewed_names() -> dict[str, str]:
    with REVIEWED_NAMES.open(encoding="utf-8", newline="") as lines:
        return {row["city_name"]: row["city_name_en"] for row in csv.DictReader(lines)}
