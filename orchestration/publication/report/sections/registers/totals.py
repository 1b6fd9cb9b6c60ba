"""Totals that the source has published, compared with the rows of its lists."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Figure, Row, Text
from orchestration.publication.report.registers import SERVICE_TYPES, unbroken
from orchestration.publication.report.wording import named


def _finding(rows: Sequence[Row]) -> Text:
    """How many totals agree with the lists, and by how much the others differ."""
    differing = [row for row in rows if row["difference"]]
    same = len(rows) - len(differing)
    texts = [_stated(row) for row in differing]
    zh, en = "".join(f"；{text.zh}" for text in texts), "".join(f"; {text.en}" for text in texts)
    return Text(
        f"网信办公布的 {len(rows)} 个累计数中，{same} 个与清单一致{zh}",
        f"Official totals that agree with the lists: {same} of {len(rows)}{en}",
    )


def _stated(row: Row) -> Text:
    kind, month = named(SERVICE_TYPES, row["service_type"]), unbroken(row["as_of_month"])
    stated, listed = f"{row['stated_total']:,}", f"{row['listed_total']:,}"
    return Text(
        f"截至 {month} 的{kind.zh}服务公布 {stated} 项，清单列出 {listed} 项",
        f"{kind.en.lower()} services up to {month}: {stated} stated, {listed} listed",
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
