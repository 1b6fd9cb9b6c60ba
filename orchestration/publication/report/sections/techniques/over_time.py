"""The share of each technique in each batch."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, by_batch, layered, legend, tips
from orchestration.publication.report.theme import ACCENT, GREY, MUTED, RULE, WARM
from orchestration.publication.report.wording import percent

_COLORS = {"generative": GREY, "cross_modal": ACCENT, "multimodal": WARM}


def _finding(rows: Sequence[Row]) -> Text:
    last = {row["technique"]: row for row in rows}
    multi, cross = last.get("multimodal"), last.get("cross_modal")
    if not multi or not cross:
        return Text("各批次的技术构成", "Techniques of each batch")
    return Text(
        f"全部备案中 {percent(cross['cumulative_share'], 0)} 为跨模态，"
        f"{percent(multi['cumulative_share'], 0)} 为多模态",
        f"{percent(cross['cumulative_share'], 0)} of all filings are cross-modal, "
        f"{percent(multi['cumulative_share'], 0)} are multimodal",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"technique_{lang}"
    titles = Text("批次,技术,备案数,占比", "Batch,Technique,Filings,Share").of(lang).split(",")
    last = max((row["batch_no"] for row in rows), default=0)
    ends = {row["technique"]: row for row in rows if row["batch_no"] == last}
    tags = {
        code: f"{ends[code][name]} {percent(ends[code]['share'], 0)}"
        for code in _COLORS
        if code in ends
    }
    axis = alt.Axis(format=".0%", tickCount=5, grid=True, gridColor=RULE, labelColor=MUTED)
    base = by_batch(
        alt.Chart(ROWS).transform_calculate(as_="tag", calculate=f"{tags!r}[datum.technique]")
    ).encode(
        y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[0, 1])),
        color=alt.Color(
            "tag:N",
            scale=alt.Scale(domain=list(tags.values()), range=[_COLORS[code] for code in tags]),
            # A line has no area: without a stroke, its symbol would be invisible.
            legend=legend(list(tags.values()), "stroke", symbolStrokeWidth=3),
        ),
        tooltip=tips(("batch_no", titles[0]), (name, titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%")),
    )  # fmt: skip
    return layered(
        base.mark_line(strokeWidth=2),
        base.mark_point(size=34, filled=True, opacity=1),
        height=260,
    )


OVER_TIME = Figure(
    "techniques_over_time",
    "techniques",
    _finding,
    Text(
        "各类技术在每批备案中的占比；图例为最近一批的占比",
        "Share of each batch; the legend has the shares of the last one",
    ),
    _draw,
    is_assigned=True,
    is_wide=True,
)
