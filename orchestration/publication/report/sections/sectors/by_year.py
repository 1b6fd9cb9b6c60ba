"""Each sector's share of the filings announced in a year."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import (
    RANGE_OF_ERROR,
    ROWS,
    SHARE_RANGE,
    layered,
    legend,
    tips,
)
from orchestration.publication.report.theme import MUTED, RULE, SEQUENCE, WARM
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    """The sectors whose share rose and fell most between the first and the last year."""
    years = sorted({row["announced_year"] for row in rows})
    first, last = (
        {row["sector"]: row for row in rows if row["announced_year"] == year}
        for year in (years[0], years[-1])
    )
    gains = {code: last[code]["share"] - first[code]["share"] for code in last if code in first}
    risen = max(gains, key=gains.__getitem__, default="")
    fallen = min(gains, key=gains.__getitem__, default="")
    if not gains or gains[risen] <= 0 or gains[fallen] >= 0:
        return Text("各行业的占比", "Shares of the sectors")
    (up, rise), (down, fall) = (
        (
            last[code],
            f"{percent(first[code]['share'], 0)}\u00a0→\u00a0{percent(last[code]['share'], 0)}",
        )
        for code in (risen, fallen)
    )
    return Text(
        f"{years[0]} 至 {years[-1]} 年，{up['sector_zh']}占比上升最多（{rise}），"
        f"{down['sector_zh']}下降最多（{fall}）",
        f"From {years[0]} to {years[-1]}, {up['sector_en'].lower()} rose most ({rise}) and "
        f"{down['sector_en'].lower()} fell most ({fall})",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,年份,备案数,占比", "Sector,Year,Filings,Share").of(lang).split(",")
    years = sorted({row["announced_year"] for row in rows})
    ends = [row for row in rows if row["announced_year"] == years[-1]] if years else []
    order = [row[name] for row in sorted(ends, key=lambda row: -row["share"])]
    # From light to dark, a shade for each year.
    shades = [WARM, *SEQUENCE[2:]][-len(years) :] if len(years) < 6 else SEQUENCE[-len(years) :]
    axis = alt.Axis(format=".0%", tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    ranged = alt.Chart(ROWS).transform_calculate(as_="share_range", calculate=SHARE_RANGE)
    base = ranged.encode(
        y=alt.Y(f"{name}:N", sort=order, axis=alt.Axis(labelLimit=150, labelPadding=10)),
        x=alt.X("share:Q", axis=axis),
        tooltip=tips((name, titles[0]), ("announced_year", titles[1]),
                     ("filings", titles[2], ",d"), ("share", titles[3], ".1%"),
                     ("share_range", RANGE_OF_ERROR.of(lang))),
    )  # fmt: skip
    line = base.mark_line(color=RULE, strokeWidth=2).encode(detail=f"{name}:N")
    color = alt.Color(
        "announced_year:N",
        scale=alt.Scale(domain=years, range=shades),
        legend=legend(list(map(str, years)), "circle"),
    )
    dots = base.mark_circle(size=70, opacity=1).encode(color=color)
    # The legend takes `opacity` of all layers, but not `strokeOpacity`.
    bands = base.mark_rule(strokeWidth=7, strokeOpacity=0.35, opacity=1).encode(
        x=alt.X("share_low:Q", axis=axis), x2="share_high:Q", color=color
    )
    return layered(line, bands, dots, height=24 * max(len(order), 1))


BY_YEAR = Figure(
    "sectors_by_year",
    "sectors_by_year",
    _finding,
    Text(
        "各行业在当年公布的备案中的占比；色带为审读误差范围",
        "Share of the filings announced in each year; bands show the range of reading error",
    ),
    _draw,
    is_assigned=True,
)
