"""English names of cities, which GB/T 2260 does not give: for `scrapers.divisions.seed` only.

A city is called by the pinyin of its name without 市, 地区 or 县. Those that are called otherwise
(Harbin), that pinyin gets wrong (长治 is Changzhi), and all that are no plain city, district or
county stand in `reviewed_city_names.csv` beside this module.
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
    """A city has no English name yet."""


def english_city_name(name: str) -> str:
    """`name` is the official one, such as 西安市; CityNameError if it needs a reviewed name."""
    if name in _reviewed_names():
        return _reviewed_names()[name]
    plain = PLAIN_NAME.fullmatch(name)
    if plain is None:
        raise CityNameError(
            f"no English name is known for {name}", remedy=f"Add a row to {REVIEWED_NAMES}."
        )
    return _pinyin(plain[1])


def _pinyin(name: str) -> str:
    first, *others = lazy_pinyin(name, v_to_u=True)
    # An apostrophe parts syllables that would run together: Xi'an, not Xian.
    return first.capitalize() + "".join(f"'{s}" if s[0] in "aoe" else s for s in others)


@cache
def _reviewed_names() -> dict[str, str]:
    with REVIEWED_NAMES.open(encoding="utf-8", newline="") as lines:
        return {row["city_name"]: row["city_name_en"] for row in csv.DictReader(lines)}
