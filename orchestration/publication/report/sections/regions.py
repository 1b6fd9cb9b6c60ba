"""Where filings come from: provinces, cities and tiers, by the division in the filing number."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    ACCENT,
    GREY,
    INK,
    ON_DEEP,
    ROWS,
    SEQUENCE,
    SOFT,
    bars,
    by_class,
    stacked,
    tips,
)
from orchestration.publication.report.tiles import TILES
from orchestration.publication.report.wording import TIERS, percent

_COUNT_AND_SHARE = "format(datum.filings, ',') + ' · ' + format(datum.share, '.1%')"
_SHOWN_PROVINCES = 15


def _tips(lang: Lang, name: str, title: Text) -> list[alt.Tooltip]:
    return tips(
        (name, title.of(lang)),
        ("filings", Text("备案数", "Filings").of(lang), ",d"),
        ("share", Text("占比", "Share").of(lang), ".1%"),
    )


def _map_found(rows: Sequence[Row]) -> Text:
    first = rows[:3]
    share = percent(sum(row["share"] for row in first), 0)
    zh, en = ([row[f"province_{lang}"] for row in first] for lang in ("zh", "en"))
    if len(first) < 3:
        return Text(f"备案来自{'、'.join(zh)}", f"Filings come from {' and '.join(en)}")
    return Text(
        f"{'、'.join(zh)}合计占 {share}",
        f"{', '.join(en[:-1])} and {en[-1]} together have {share}",
    )


def _draw_map(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"province_{lang}"
    grid = alt.Data(values=[tile._asdict() for tile in TILES])
    known = alt.LookupData(
        data=ROWS, key="province_code", fields=["filings", "share", "rank", name]
    )
    place = alt.Chart(grid).transform_lookup(lookup="province_code", from_=known)
    base = place.encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        tooltip=[
            *_tips(lang, name, Text("省级行政区", "Province")),
            alt.Tooltip("rank:Q", title=Text("位次", "Rank").of(lang)),
        ],
    )
    held = base.transform_filter("isValid(datum.filings)")
    color = by_class("share", [0.005, 0.01, 0.03, 0.1, 0.2], SEQUENCE, ".3~%")
    on_tile = alt.condition("datum.share >= 0.1", alt.value(ON_DEEP), alt.value(INK))
    return (
        base.mark_rect(fill=None, stroke="var(--rule)")
        + held.mark_rect().encode(color=color)
        + base.mark_text(dy=-7, fontSize=alt.ExprRef("width < 430 ? 10.5 : 12")).encode(
            text=f"{lang}:N",
            color=alt.condition(
                "isValid(datum.filings)", alt.value(INK), alt.value("var(--muted)")
            ),
        ).transform_filter("!(datum.share >= 0.1)")
        + base.mark_text(dy=-7, fontSize=alt.ExprRef("width < 430 ? 10.5 : 12"), color=ON_DEEP)
        .encode(text=f"{lang}:N").transform_filter("datum.share >= 0.1")
        + held.mark_text(dy=8, fontSize=alt.ExprRef("width < 430 ? 10.5 : 12.5"), fontWeight=600)
        .encode(text=alt.Text("filings:Q", format=",d"), color=on_tile)
    ).properties(height=368)  # fmt: skip


def _ranked_found(rows: Sequence[Row]) -> Text:
    first, last = rows[0], len(rows)
    return Text(
        f"{first['province_zh']}居首，有 {first['filings']:,} 项，占 {percent(first['share'])}；"
        f"清单涉及 {last} 个省级行政区",
        f"{first['province_en']} leads with {first['filings']:,} filings, "
        f"{percent(first['share'])}; {last} provinces are in the lists",
    )


def _draw_ranked(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"province_{lang}"
    shown = bars(
        rows[:_SHOWN_PROVINCES],
        name,
        "filings",
        _COUNT_AND_SHARE,
        _tips(lang, name, Text("省级行政区", "Province")),
    )
    return shown.transform_filter(f"datum.place <= {_SHOWN_PROVINCES}")


def _cities_found(rows: Sequence[Row]) -> Text:
    share = percent(sum(row["share"] for row in rows[:5]), 0)
    zh, en = ([row[f"city_{lang}"] for row in rows[:5]] for lang in ("zh", "en"))
    return Text(
        f"五个城市（{'、'.join(zh)}）合计占 {share}",
        f"Five cities have {share} of all filings: {', '.join(en)}",
    )


def _draw_cities(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"city_{lang}"
    return bars(rows, name, "filings", _COUNT_AND_SHARE, _tips(lang, name, Text("城市", "City")))


def _tiers_found(rows: Sequence[Row]) -> Text:
    first, second, third = (
        next((row["cumulative_share"] for row in reversed(rows) if row["tier"] == tier), 0)
        for tier in TIERS
    )
    return Text(
        f"按备案数排位：前三位占 {percent(first)}，第四至七位占 {percent(second)}，"
        f"其余占 {percent(third)}",
        f"By rank the first three provinces have {percent(first)}, the next four "
        f"{percent(second)}, all others {percent(third)}",
    )


def _draw_tiers(lang: Lang, rows: Sequence[Row]) -> Chart:
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


REGIONS = Section(
    "regions",
    Text("地区", "Regions"),
    Text(
        "地区取自备案编号前六位，即主体登记地的行政区划代码；这不一定是模型研发之处。",
        "A filing's place is the division in the first six digits of its number: where the entity "
        "is registered, which need not be where a model was made.",
    ),
    [
        Figure(
            "regions_map",
            "regions",
            _map_found,
            Text("各省级行政区备案数；颜色表示占比", "Filings by province; shade tells the share"),
            _draw_map,
        ),
        Figure(
            "regions_ranked",
            "regions",
            _ranked_found,
            Text("备案数及占比，前十五位", "Filings and share, the first fifteen"),
            _draw_ranked,
        ),
        Figure(
            "cities",
            "cities",
            _cities_found,
            Text(
                "地级以上城市备案数及占比，前十五位",
                "Filings and share by city of prefecture level or above, the first fifteen",
            ),
            _draw_cities,
        ),
        Figure(
            "tiers",
            "tiers",
            _tiers_found,
            Text(
                "各批备案按梯队的占比。梯队＝该省在全部备案中的位次：1–3、4–7、8 及以后",
                "Share of each batch by tier. A tier is a province's rank by all filings: 1 to 3, "
                "4 to 7, 8 and below",
            ),
            _draw_tiers,
        ),
    ],
)
