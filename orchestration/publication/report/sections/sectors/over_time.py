"""Each sector’s share of each batch."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import (
    RANGE_OF_ERROR,
    ROWS,
    SHARE,
    SHARE_RANGE,
    by_batch,
    heatmap,
    tips,
)
from orchestration.publication.report.sections.sectors.overall import GENERAL_PURPOSE
from orchestration.publication.report.theme import SEQUENCE
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    """The share of general models and creative tools in the first and the last three batches."""
    batches = sorted({row["batch_no"] for row in rows})
    if len(batches) < 6:
        return Text("各批次的行业构成", "Sectors of each batch")
    first, last = (
        sum(
            row["filings"]
            for row in rows
            if row["batch_no"] in of and row["sector"] in GENERAL_PURPOSE
        )
        / sum(row["filings"] for row in rows if row["batch_no"] in of)
        for of in (batches[:3], batches[-3:])
    )
    return Text(
        f"通用模型与创意工具合计：前三批占 {percent(first, 0)}，最近三批占 {percent(last, 0)}",
        f"General models and creative tools account for {percent(first, 0)} of the first three "
        f"batches and {percent(last, 0)} of the last three",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,批次,备案数,占比", "Sector,Batch,Filings,Share").of(lang).split(",")
    total: Counter[str] = Counter()
    for row in rows:
        total[row[name]] += row["filings"]
    order = [sector for sector, _ in total.most_common()]
    ranged = alt.Chart(ROWS).transform_calculate(as_="share_range", calculate=SHARE_RANGE)
    base = by_batch(ranged).encode(
        y=alt.Y(f"{name}:N", sort=order),
        tooltip=tips((name, titles[0]), ("batch_no", titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%"), ("share_range", RANGE_OF_ERROR.of(lang))),
    )  # fmt: skip
    label = f"datum.filings ? ({SHARE}) : ''"
    return heatmap(
        base, "share", [0.01, 0.03, 0.06, 0.12, 0.2], SEQUENCE, label,
        "datum.share >= 0.12", height=26 * max(len(order), 1), unit="%",
    )  # fmt: skip


OVER_TIME = Figure(
    "sectors_over_time",
    "sectors_over_time",
    _finding,
    Text("各行业在每批中的占比", "Each sector’s share of each batch"),
    _draw,
    is_assigned=True,
    is_wide=True,
)
