"""The few fixed phrases of titles and labels: batch ordinals and list months."""

import re
import unicodedata

import cn2an

from scrapers.errors import FilingsError

BATCH_TITLE = "深度合成服务算法备案信息"
LIST_LABEL = "深度合成服务算法备案清单"
CANCELLATION_TITLE = re.compile("注销.*(公告|备案编号)|(公告|备案编号).*注销")

_ORDINAL = re.compile(r"第\s*([零〇一二两三四五六七八九十百\d]+)\s*批")
_MONTH = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月")


def batch_ordinal(title: str) -> int | None:
    """The ordinal in 第十一批 (11), or None where the title has none.

    Raises FilingsError for an ordinal that is no number from 1 up.
    """
    match = _ORDINAL.search(unicodedata.normalize("NFKC", title))
    if not match:
        return None
    try:
        ordinal = int(cn2an.cn2an(match.group(1), "smart"))
    except ValueError:
        ordinal = 0
    if ordinal < 1:
        raise FilingsError(f"the ordinal {match.group()!r} in {title!r} cannot be read")
    return ordinal


def list_month(label: str) -> str | None:
    """The month in （2025年5月） as `2025-05`, or None where the label has none."""
    match = _MONTH.search(unicodedata.normalize("NFKC", label))
    if not match or not 1 <= int(match.group(2)) <= 12:
        return None
    return f"{match.group(1)}-{int(match.group(2)):02d}"
