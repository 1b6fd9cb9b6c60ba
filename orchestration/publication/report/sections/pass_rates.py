"""Pass rates, each with its denominator. The lists have no data on refusals."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import ROWS, layered, legend, tips, words_of
from orchestration.publication.report.theme import ACCENT, MUTED, RULE, SOFT, WARM
from orchestration.publication.report.wording import BASES, percent

_COLORS = {"issued": SOFT, "in_force": ACCENT, "reported": WARM, "submissions": "var(--ink)"}


def _found(rows: Sequence[Row]) -> Text:
    official = [row["pass_rate"] for row in rows if row["is_official"]]
    if not official:
        return Text("没有可用的通过率", "No pass rate is available")
    low, high = (percent(rate).replace("100.0%", "100%") for rate in (min(official), max(official)))
    if low == high:
        return Text(
            f"根据备案编号推算的比率为 {low}，但这不是备案申请的通过率",
            f"Rates derived from official numbers are {low}; none of them is an approval rate",
        )
    return Text(
        f"根据备案编号推算的比率在 {low} 至 {high} 之间，但都不是备案申请的通过率",
        f"Rates derived from official numbers lie between {low} and {high}; none of them is an "
        "approval rate",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("批次,口径,比率,分子,分母", "Batch,Basis,Rate,Numerator,Denominator")
    batch, basis_title, rate, numerator, denominator = titles.of(lang).split(",")
    present = [basis for basis in _COLORS if any(row["basis"] == basis for row in rows)]
    scale = alt.Scale(domain=[BASES[basis].of(lang) for basis in present],
                      range=[_COLORS[basis] for basis in present])  # fmt: skip
    lowest = min((row["pass_rate"] for row in rows), default=0)
    axis = alt.Axis(format=".0%", tickCount=5, grid=True, gridColor=RULE, labelColor=MUTED)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="basis_name", calculate=words_of("basis", BASES, lang))
        .encode(
            x=alt.X("batch_no:O", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("pass_rate:Q", axis=axis,
                    scale=alt.Scale(domain=[min(0.6, lowest), 1.02], nice=False, zero=False)),
            color=alt.Color("basis_name:N", scale=scale,
                            legend=legend([BASES[basis].of(lang) for basis in present], "circle")),
            tooltip=tips(("batch_no", batch), ("basis_name", basis_title),
                         ("pass_rate", rate, ".1%"), ("passed", numerator, ",d"),
                         ("submitted", denominator, ",d")),
        )
    )  # fmt: skip
    reported = base.transform_filter("!datum.is_official")
    labels = reported.mark_text(dy=-13, fontWeight=600, color=WARM)
    return layered(
        base.mark_circle(size=85, opacity=1),
        labels.encode(text=alt.Text("pass_rate:Q", format=".0%"), color=alt.ColorValue(WARM)),
        height=260,
    )


PASS_RATES = Section(
    "pass-rates",
    Text("通过率", "Pass rates"),
    Text(
        "清单只列出通过的备案，没有未通过申请的数据。每个比率的含义取决于分母。",
        "The lists contain only what passed and have no data on refusals. What a rate means "
        "depends on its denominator.",
    ),
    [
        Figure(
            "pass_rates",
            "pass_rates",
            _found,
            Text("各批次的比率，按口径区分", "Rate of each batch by basis"),
            _draw,
            is_wide=True,
        )
    ],
)
