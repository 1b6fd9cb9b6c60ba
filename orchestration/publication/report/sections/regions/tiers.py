"""The share of each tier of provinces in each batch."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import stacked, tips
from orchestration.publication.report.theme import ACCENT, GREY, SOFT
from orchestration.publication.report.wording import TIERS, percent


def _finding(rows: Sequence[Row]) -> Text:
    first, second, third = (
        next((row["cumulative_share"] for row in reversed(rows) if row["tier"] == tier), 0)
        for tier in TIERS
    )
    if not second:
        return Text(
            "全部备案来自不超过三个省级行政区", "All filings come from no more than three provinces"
        )
    if third:
        zh = f"第四至七位占 {percent(second)}，其余占 {percent(third)}"
        en = f"the next four for {percent(second)}, all others for {percent(third)}"
    else:
        zh, en = f"其余占 {percent(second)}", f"all others for {percent(second)}"
    return Text(
        f"按备案数排名，前三位省级行政区占 {percent(first)}，{zh}",
        f"The top three provinces account for {percent(first)} of filings, {en}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    names = [text.of(lang) for text in TIERS.values()]
    titles = Text("批次,梯队,备案数,占比", "Batch,Tier,Filings,Share").of(lang).split(",")
    chart = stacked(
        "tier_name",
        "share",
        list(zip(names, (ACCENT, SOFT, GREY), strict=True)),
        tips(("batch_no", titles[0]), ("tier_name", titles[1]), ("filings", titles[2], ",d"),
             ("share", titles[3], ".1%")),
        axis_format=".0%",
    )  # fmt: skip
    return chart.transform_calculate(as_="tier_name", calculate=f"{names!r}[datum.tier - 1]")


BY_TIER = Figure(
    "tiers",
    "tiers",
    _finding,
    Text(
        "各梯队在每批备案中的占比；梯队按省级行政区的备案总数排名划分",
        "Share of each batch by tier. Tiers are ranks of provinces by total filings",
    ),
    _draw,
)
