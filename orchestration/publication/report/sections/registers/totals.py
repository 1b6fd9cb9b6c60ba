"""Totals that the source has published, compared with the rows of its lists."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Figure, Row, Text
from orchestration.publication.report.registers import SERVICE_TYPES
from orchestration.publication.report.wording import named


def _finding(rows: Sequence[Row]) -> Text:
    """How many totals agree with the lists, and by how much the others differ."""
    differing = [row for row in rows if row["difference"]]
    same = len(rows) - len(differing)
    zh = "".join(
        f"；截至 {row['as_of_month']} 的{named(SERVICE_TYPES, row['service_type']).zh}服务公布"
        f" {row['stated_total']:,} 项，清单列出 {row['listed_total']:,} 项"
        for row in differing
    )
    en = "".join(
        f"; {named(SERVICE_TYPES, row['service_type']).en.lower()} services up to "
        f"{row['as_of_month']}: {row['stated_total']:,} stated, {row['listed_total']:,} listed"
        for row in differing
    )
    return Text(
        f"网信办公布的 {len(rows)} 个累计数中，{same} 个与清单一致{zh}",
        f"Official totals that agree with the lists: {same} of {len(rows)}{en}",
    )


TOTALS = Figure(
    "official_totals",
    "official_totals",
    _finding,
    Text(
        "公布的累计数与截至同月的清单行数；清单数据不按公布数调整",
        "Running totals as published, and the rows of the lists up to the same month. The rows are "
        "not adjusted",
    ),
    is_wide=True,
    covers_all_registers=True,
)
