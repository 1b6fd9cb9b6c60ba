"""What industries the algorithms serve: over all, over time and by province."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    ACCENT,
    DIVERGING,
    GREY,
    MUTED,
    ROWS,
    RULE,
    SEQUENCE,
    SOFT,
    bars,
    by_batch,
    cells,
    tips,
)
from orchestration.publication.report.wording import percent

_COUNT_AND_SHARE = "format(datum.filings, ',') + ' · ' + format(datum.share, '.1%')"
# The two sectors that are no industry.
_WIDE = ("general", "creative")
# A quotient of so few filings says little.
_FEW = 5


def _overall_found(rows: Sequence[Row]) -> Text:
    general, others = (
        [row for row in rows if (row["sector"] in _WIDE) is is_general]
        for is_general in (True, False)
    )
    share = percent(sum(row["share"] for row in general), 0)
    first = others[:3]
    return Text(
        f"通用与创意工具合计占 {share}；行业之中以"
        f"{'、'.join(row['sector_zh'] for row in first)}最多",
        f"General models and creative tools have {share}; of the industries, "
        f"{', '.join(row['sector_en'].lower() for row in first)} come first",
    )


def _draw_overall(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,备案数,占比", "Sector,Filings,Share").of(lang).split(",")
    tooltip = tips((name, titles[0]), ("filings", titles[1], ",d"), ("share", titles[2], ".1%"))
    return bars(rows, name, "filings", _COUNT_AND_SHARE, tooltip)


def _by_year_found(rows: Sequence[Row]) -> Text:
    """Which sector's share rose and which fell most between the first year and the last."""
    years = sorted({row["announced_year"] for row in rows})
    if len(years) < 2:
        return Text("各行业的占比", "Shares of the sectors")
    first, last = (
        {row["sector"]: row for row in rows if row["announced_year"] == year}
        for year in (years[0], years[-1])
    )
    gains = {code: last[code]["share"] - first[code]["share"] for code in last if code in first}
    (up, rise), (down, fall) = (
        (
            last[code],
            f"{percent(first[code]['share'], 0)}\u00a0→\u00a0{percent(last[code]['share'], 0)}",
        )
        for code in (max(gains, key=gains.get), min(gains, key=gains.get))
    )
    return Text(
        f"{years[0]} 至 {years[-1]} 年，{up['sector_zh']}升得最多（{rise}），"
        f"{down['sector_zh']}降得最多（{fall}）",
        f"From {years[0]} to {years[-1]} {up['sector_en'].lower()} rose most ({rise}), "
        f"{down['sector_en'].lower()} fell most ({fall})",
    )


def _draw_by_year(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,年份,备案数,占比", "Sector,Year,Filings,Share").of(lang).split(",")
    years = sorted({row["announced_year"] for row in rows})
    ends = [row for row in rows if row["announced_year"] == years[-1]] if years else []
    order = [row[name] for row in sorted(ends, key=lambda row: -row["share"])]
    shades = [SOFT, GREY, ACCENT] if len(years) == 3 else [SOFT] * (len(years) - 1) + [ACCENT]
    axis = alt.Axis(format=".0%", tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    base = alt.Chart(ROWS).encode(
        y=alt.Y(f"{name}:N", sort=order, axis=alt.Axis(labelLimit=150, labelPadding=10)),
        x=alt.X("share:Q", axis=axis),
        tooltip=tips((name, titles[0]), ("announced_year", titles[1]),
                     ("filings", titles[2], ",d"), ("share", titles[3], ".1%")),
    )  # fmt: skip
    line = base.mark_line(color=RULE, strokeWidth=2).encode(detail=f"{name}:N")
    dots = base.mark_circle(size=70, opacity=1).encode(
        color=alt.Color("announced_year:N", scale=alt.Scale(domain=years, range=shades),
                        legend=alt.Legend(symbolType="circle"))
    )  # fmt: skip
    return (line + dots).properties(height=24 * max(len(order), 1))


def _over_time_found(rows: Sequence[Row]) -> Text:
    """How far general models and creative tools stand for all, at first and of late."""
    batches = sorted({row["batch_no"] for row in rows})
    if len(batches) < 6:
        return Text("各批次的行业构成", "Sectors of each batch")
    first, last = (
        sum(row["filings"] for row in rows if row["batch_no"] in of and row["sector"] in _WIDE)
        / sum(row["filings"] for row in rows if row["batch_no"] in of)
        for of in (batches[:3], batches[-3:])
    )
    return Text(
        f"通用与创意工具合计：前三批占 {percent(first, 0)}，后三批占 {percent(last, 0)}",
        f"General models and creative tools have {percent(first, 0)} of the first three batches "
        f"and {percent(last, 0)} of the last three",
    )


def _draw_over_time(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,批次,备案数,占比", "Sector,Batch,Filings,Share").of(lang).split(",")
    total = Counter()
    for row in rows:
        total[row[name]] += row["filings"]
    order = [sector for sector, _ in total.most_common()]
    base = by_batch(alt.Chart(ROWS)).encode(
        y=alt.Y(f"{name}:N", sort=order),
        tooltip=tips((name, titles[0]), ("batch_no", titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%")),
    )  # fmt: skip
    label = "datum.filings ? format(datum.share, '.0%') : ''"
    return cells(
        base, "share", [0.01, 0.03, 0.06, 0.12, 0.2], SEQUENCE, label, ".0%",
        "datum.share >= 0.12", height=26 * max(len(order), 1),
    )  # fmt: skip


def _by_region_found(rows: Sequence[Row]) -> Text:
    told = [row for row in rows if row["filings"] >= 2 * _FEW]
    if not told:
        return Text("各省的行业构成", "Sectors of each province")
    top = sorted(told, key=lambda row: -row["location_quotient"])[:3]
    zh, en = (
        [
            f"{row[f'province_{lang}']}{gap}{row[f'sector_{lang}'].lower()} "
            f"{row['location_quotient']:.1f}{sign}"
            for row in top
        ]
        for lang, gap, sign in (("zh", "的", " 倍"), ("en", ", ", "×"))
    )
    return Text(
        f"最突出的是{'、'.join(zh)}于全国",
        f"What stands out most: {'; '.join(en)} the country's share",
    )


def _draw_by_region(lang: Lang, rows: Sequence[Row]) -> Chart:
    name, province = f"sector_{lang}", f"province_{lang}"
    titles = Text(
        "省级行政区,行业,备案数,区位商", "Province,Sector,Filings,Location quotient"
    ).of(lang).split(",")  # fmt: skip
    order = list(
        dict.fromkeys(row[name] for row in sorted(rows, key=lambda row: -row["sector_filings"]))
    )
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            f"{province}:N",
            sort=None,
            axis=alt.Axis(orient="top", labelAngle=-45, labelAlign="left", labelOverlap=False),
        ),
        y=alt.Y(f"{name}:N", sort=order),
        tooltip=tips((province, titles[0]), (name, titles[1]), ("filings", titles[2], ",d"),
                     ("location_quotient", titles[3], ".2f")),
    )  # fmt: skip
    label = "datum.filings ? format(datum.location_quotient, '.1f') : ''"
    filled = f"datum.filings >= {_FEW}"
    return cells(
        base, "location_quotient", [0.5, 0.8, 1.25, 2], DIVERGING, label, ".2~f",
        f"{filled} && datum.location_quotient >= 2", height=26 * max(len(order), 1), filled=filled,
    )  # fmt: skip


SECTORS = Section(
    "sectors",
    Text("行业", "Sectors"),
    Text(
        "清单没有行业一栏。每项备案由名称、产品、用途和主体读出一个行业，约十分之九读得准。",
        "The lists have no column for it. Each filing's sector is read from its name, products, "
        "purpose and entity; some nine in ten are read rightly.",
    ),
    [
        Figure(
            "sectors",
            "sectors",
            _overall_found,
            Text("备案数及占比，按行业", "Filings and share by sector"),
            _draw_overall,
            is_reading=True,
        ),
        Figure(
            "sectors_by_year",
            "sectors_by_year",
            _by_year_found,
            Text("各行业占当年公布备案的比例", "Share of the filings announced in each year"),
            _draw_by_year,
            is_reading=True,
        ),
        Figure(
            "sectors_over_time",
            "sectors_over_time",
            _over_time_found,
            Text("各行业在每批中的占比", "Each sector's share of each batch"),
            _draw_over_time,
            is_reading=True,
            is_wide=True,
        ),
        Figure(
            "sectors_by_region",
            "sectors_by_region",
            _by_region_found,
            Text(
                "区位商：行业在该省的占比÷在全国的占比；大于 1 为偏多；不足 5 项者不着色",
                "Location quotient: a sector's share in a province over its share in the country; "
                "above 1 is more than usual, fewer than 5 filings have no colour",
            ),
            _draw_by_region,
            is_reading=True,
            is_wide=True,
        ),
    ],
)
