"""The last batch compared with all earlier ones, and its filings."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    RANGE_OF_ERROR,
    ROWS,
    SHARE_RANGE,
    layered,
    legend,
    tips,
)
from orchestration.publication.report.theme import ACCENT, MUTED, RULE, SOFT
from orchestration.publication.report.wording import percent


def _sectors_found(rows: Sequence[Row]) -> Text:
    comparable = [row for row in rows if row["earlier_share"] is not None]
    if not comparable:
        return Text("最近一批的行业构成", "Sectors of the last batch")
    most = max(comparable, key=lambda row: row["share"] - row["earlier_share"])
    before, now = percent(most["earlier_share"], 0), percent(most["share"], 0)
    if before == now:
        return Text(
            "最近一批的行业构成与此前基本相同",
            "The sectors of the last batch are much the same as before",
        )
    shares = f"{before}\u00a0→\u00a0{now}"
    return Text(
        f"占比上升最多的行业：{most['sector_zh']} {shares}",
        f"{most['sector_en']} rose most compared with all earlier batches: {shares}",
    )


def _draw_sectors(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    which = Text("此前各批,最近一批", "Earlier batches,Last batch").of(lang).split(",")
    titles = Text("行业,此前占比,最近一批占比,备案数", "Sector,Earlier share,Latest share,Filings")
    sector, earlier, now, filings = titles.of(lang).split(",")
    ranged = alt.Chart(ROWS).transform_calculate(as_="share_range", calculate=SHARE_RANGE)
    base = ranged.encode(
        y=alt.Y(f"{name}:N", sort=None, axis=alt.Axis(labelLimit=150, labelPadding=10)),
        tooltip=tips((name, sector), ("earlier_share", earlier, ".1%"), ("share", now, ".1%"),
                     ("share_range", RANGE_OF_ERROR.of(lang)), ("filings", filings, ",d")),
    )  # fmt: skip
    axis = alt.Axis(format=".0%", tickCount=5, grid=True, gridColor=RULE, labelColor=MUTED)
    shares = [row[name] for row in rows for name in ("share", "earlier_share")]
    # Explicit: for a first batch, Vega has no earlier shares to derive it from.
    scale = alt.Scale(domain=[0, max(filter(None, shares), default=1)])
    line = base.mark_rule(color=SOFT, strokeWidth=2).encode(
        x=alt.X("earlier_share:Q", axis=axis, scale=scale), x2=alt.X2("share:Q")
    )
    dots = (
        base.transform_fold(["earlier_share", "share"], as_=["folded", "value"])
        .transform_calculate(
            as_="which", calculate=f"datum.folded == 'share' ? '{which[1]}' : '{which[0]}'"
        )
        .mark_circle(size=80, opacity=1)
        .encode(
            x=alt.X("value:Q", scale=scale),
            color=alt.Color("which:N", scale=alt.Scale(domain=which, range=[SOFT, ACCENT]),
                            legend=legend(which, "circle")),
        )
    )  # fmt: skip
    return layered(line, dots, height=22 * max(len(rows), 1))


def _filings_found(rows: Sequence[Row]) -> Text:
    number = len(rows)
    if number == 1:
        return Text("最近一批的 1 项备案", "The one filing of the last batch")
    return Text(f"最近一批的 {number:,} 项备案", f"The {number:,} filings of the last batch")


LAST_BATCH = Section(
    "last-batch",
    Text("最近一批", "The last batch"),
    Text(
        "最近一批与此前各批合计相比有何不同。",
        "How the last batch differs from all earlier batches combined.",
    ),
    [
        Figure(
            "last_batch_sectors",
            "last_batch_sectors",
            _sectors_found,
            Text("行业占比：最近一批与此前各批合计", "Share by sector: last batch and all earlier"),
            _draw_sectors,
            is_assigned=True,
            is_wide=True,
        ),
        Figure(
            "last_batch_filings",
            "last_batch_filings",
            _filings_found,
            Text("按清单顺序排列", "In the order of the list"),
            is_wide=True,
            is_list=True,
        ),
    ],
    short=Text("最近一批", "Last batch"),
)
