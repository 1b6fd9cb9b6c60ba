"""Fixed phrases in titles and labels: batch ordinals and list months.

Titles and labels are normalised before comparison: NFKC, without markup, white space and
zero-width characters.
"""

import html
import re
from collections.abc import Iterable

from scrapers.errors import FilingsError, shortened
from scrapers.fields.text_keys import matching_key

LIST_LABEL = "深度合成服务算法备案清单"
HIGHEST_ORDINAL = 999
# About six batches are published per year. A jump of more than 20 is a misprint or a date.
MAX_ORDINALS_AHEAD = 20

_TAG = re.compile(r"<[/!]?[A-Za-z-][^<>]*>")
_LIST_LABEL = re.compile(r"深度合成(服务)?类?算法备案(清单|名单)")
_ORDINAL = re.compile(
    "第([^第批]+)批((?:[、,;和与及至到~-]|以及)*[0-9零〇一二两三四五六七八九十百]{1,9}批)?"
)
# 第十九至第二十一批, where only the last ordinal is followed by 批.
_SPAN_OF_ORDINALS = re.compile(
    "第[0-9零〇一二两三四五六七八九十百]{1,9}(?:[、,;和与及至到~-]|以及)+第"
)
_DIGITS = re.compile(r"[0-9]{1,3}")
_NUMERAL = re.compile(r"[^0-9点负千仟万亿]{1,9}")
_YEAR_MONTH = r"(20[0-9]{2})年([0-9]{1,2})"
_TO = r"[-–—―~至到、和与及]+"
_MONTHS = re.compile(rf"{_YEAR_MONTH}(?:月?{_TO}(?:(20[0-9]{{2}})年)?([0-9]{{1,2}}))?月")
_ANY_MONTH = re.compile("[0-9]{1,2}月")
# 1、12月 are two months, so a span of a whole year is not written with 、 or 和.
_ALL_MONTHS = re.compile(
    r"(20[0-9]{2})年0?1月?[-–—―~至到]+(?:\1年)?12月|截[至止]到?20[0-9]{2}年(?:年?[底末]|12月[底末])"
)
_YEAR = re.compile("20[0-9]{2}年")
_WHOLE_YEAR = re.compile(
    r"20[0-9]{2}年(?:度|[)\]】》」』]|(?:\.[a-z]+)?$)|全年|年度|汇总", re.IGNORECASE
)
_PART_OF_YEAR = re.compile("月|季|旬|半年|第|批|期|年度?[0-9]")


def title_key(title: str) -> str:
    """A title, normalised for comparison: entities decoded, tags removed, then `matching_key`."""
    return matching_key(_TAG.sub("", html.unescape(title)))


def is_list_label(label: str) -> bool:
    """Whether a label is that of a deep-synthesis list."""
    return _LIST_LABEL.search(title_key(label)) is not None


def batch_ordinal(title: str) -> int | None:
    """The ordinal in a title, such as 11 in 第十一批, or None if there is none.

    Raises FilingsError if the ordinal is not a number from 1 to 999, or if there are several.
    """
    key = title_key(title)
    found = list(_ORDINAL.finditer(key))
    is_span = any(match.group(2) for match in found) or _SPAN_OF_ORDINALS.search(key)
    ordinals = {_ordinal(match.group(1), title) for match in found}
    if len(ordinals) > 1 or is_span:
        raise FilingsError(
            f"{shortened(title)!r} names more than one batch",
            remedy="Read the page: only an announcement of a single batch can be processed",
        )
    return next(iter(ordinals), None)


def implausible_ordinals(ordinals: Iterable[int], known: Iterable[int]) -> list[int]:
    """The ordinals that are more than MAX_ORDINALS_AHEAD above the next lower one.

    `known` are the ordinals of batches in the archive. If there are none, the lowest of `ordinals`
    counts as plausible.
    """
    candidates = sorted(set(ordinals))
    highest = max(known, default=candidates[0] if candidates else 0)
    refused = []
    for ordinal in candidates:
        if ordinal > highest + MAX_ORDINALS_AHEAD:
            refused.append(ordinal)
        else:
            highest = max(highest, ordinal)
    return refused


def list_month(label: str) -> str | None:
    """The month in a label, such as 2025-05 for （2025年5月）, or None if there is none.

    For a span of months （2025年6月—7月）, it is the last: lists are named after the month in which
    they close. Raises FilingsError if the label names several months that are not one span.
    """
    key = title_key(label)
    spans = {_span(match) for match in _MONTHS.finditer(key)}
    if not spans or None in spans:
        return None
    first, *others = (span for span in spans if span)
    is_one_span = not others and first[0] <= first[1]
    if not is_one_span or _ANY_MONTH.search(_MONTHS.sub("", key)):
        raise FilingsError(f"the label {shortened(label)!r} names several months, not one span")
    return first[1]


def names_month(label: str) -> bool:
    """Whether a label names a month, in digits."""
    return _ANY_MONTH.search(title_key(label)) is not None


def names_year(label: str) -> bool:
    """Whether a label names a year, such as 2025年."""
    return _YEAR.search(title_key(label)) is not None


def is_summary(label: str) -> bool:
    """Whether a label says that it is of whole years, such as （2025年） or 2025年1月至12月.

    A summary repeats the rows of lists. A label that also names a part of a year, such as
    2025年度第一批, may be that of a list.
    """
    key = title_key(label)
    rest = _ALL_MONTHS.sub("", key)
    is_whole = rest != key or (names_year(key) and _WHOLE_YEAR.search(key) is not None)
    return is_whole and _PART_OF_YEAR.search(rest) is None


def _span(match: re.Match[str]) -> tuple[str, str] | None:
    """The first and last month of a match, equal for a single month; None for a 13th month."""
    year, month, last_year, last_month = match.groups()
    months = ((year, int(month)), (last_year or year, int(last_month or month)))
    if not all(1 <= number <= 12 for _, number in months):
        return None
    first, last = (f"{of_year}-{number:02d}" for of_year, number in months)
    return first, last


def parse_numeral(numeral: str) -> int | None:
    """The number written in digits or in Chinese, or None if it is not a valid number."""
    if _DIGITS.fullmatch(numeral):
        return int(numeral)
    if not _NUMERAL.fullmatch(numeral):
        return None
    import cn2an  # slow to import, and most programs read no announcement

    try:
        return int(cn2an.cn2an(numeral, "smart"))
    except Exception:  # noqa: BLE001 (cn2an also raises KeyError, IndexError and others)
        return None


def _ordinal(numeral: str, title: str) -> int:
    number = parse_numeral(numeral)
    if number is None or not 1 <= number <= HIGHEST_ORDINAL:
        shown = shortened(f"第{numeral}批")
        raise FilingsError(
            f"the ordinal {shown!r} in {shortened(title)!r} cannot be read",
            remedy=f"Ordinals are from 1 to {HIGHEST_ORDINAL}",
        )
    return number
