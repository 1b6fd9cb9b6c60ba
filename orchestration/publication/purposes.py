"""What a release says about the wording of the column `purpose`, which the replica rewords.

The dictionary, the comments of the tables, the workbook and the report say the same for a whole
release, and `filings show` for a single row.
"""

from collections.abc import Sequence
from dataclasses import replace

from orchestration.warehouse.marts import Mart
from scrapers.registers.base import Text

PURPOSE = "purpose"
# By the value of the column `purpose_origin`.
OF_A_ROW = {
    "source": "as published",
    "shipped": "reworded from its parts in the shipped copy; not as published",
}

_PUBLISHED = Text("主要用途一栏为清单原文。", "The purposes are as published.")
_SHIPPED = Text(
    "主要用途一栏由程序自带的清单副本按各项要素改写，并非清单原文。",
    "The purposes are not as published: the copy of the lists that ships with the program rewords "
    "them from their parts.",
)
_MIXED = Text(
    "主要用途一栏：purpose_origin 为 source 的是清单原文，"
    "为 shipped 的由程序自带的清单副本按各项要素改写。",
    "The purposes are as published where purpose_origin is source. Where it is shipped, the copy "
    "of the lists that ships with the program rewords them from their parts.",
)


def purpose_remark(source: str) -> Text:
    """The sentence about the purposes of a release from these sources, such as `replica, live`."""
    sources = source.split(", ")
    if "replica" not in sources:
        return _PUBLISHED
    return _SHIPPED if sources == ["replica"] else _MIXED


def with_purpose_remark(marts: Sequence[Mart], source: str) -> list[Mart]:
    """The marts, with the sentence in the description of each column `purpose`."""
    remark = purpose_remark(source).en
    return [
        replace(mart, columns={**mart.columns, PURPOSE: f"{mart.columns[PURPOSE]} {remark}"})
        if PURPOSE in mart.columns
        else mart
        for mart in marts
    ]
