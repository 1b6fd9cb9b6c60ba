"""Location quotients: which sectors are over-represented in a province."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ON_PHONE, ROWS, heatmap, lines_above, tips
from orchestration.publication.report.theme import DIVERGING

# Quotients of fewer filings are mostly chance. The query leaves out provinces without such a cell.
_ENOUGH = 10


def _finding(rows: Sequence[Row]) -> Text:
    """The largest quotients among the coloured cells, which are those with enough filings."""
    enough = [row for row in rows if row["filings"] >= _ENOUGH and row["location_quotient"] > 1]
    if not enough:
        return Text("各省的行业构成", "Sectors of each province")
    top = sorted(enough, key=lambda row: -row["location_quotient"])[:3]
    zh, en = (
        [
            f"{row[f'province_{lang}']}{gap}{row[f'sector_{lang}'].lower()}"
            f"{opening}{row['location_quotient']:.1f}{closing}"
            for row in top
        ]
        for lang, gap, opening, closing in (
            ("zh", "的", "（为全国的 ", " 倍）"),
            ("en", ", ", " (", "×)"),
        )
    )
    return Text(
        f"与全国相比，占比最突出的是{'、'.join(zh)}",
        f"Most over-represented compared with the country: {'; '.join(en)}",
    )


def _names_of_provinces(lang: Lang, names: Sequence[str]) -> alt.Axis:
    """Names above narrow columns: English ones upright, Chinese ones on phones in lines."""
    if lang == "en":
        return alt.Axis(
            orient="top", labelAngle=-90, labelAlign="left", labelBaseline="middle",
            labelOverlap=False, labelLimit=0,
        )  # fmt: skip
    return lines_above(names, "", ON_PHONE)


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
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
            axis=_names_of_provinces(lang, [row[province] for row in rows]),
        ),
        y=alt.Y(f"{name}:N", sort=order),
        tooltip=tips((province, titles[0]), (name, titles[1]), ("filings", titles[2], ",d"),
                     ("location_quotient", titles[3], ".2f")),
    )  # fmt: skip
    label = "datum.filings ? format(datum.location_quotient, '.1f') : ''"
    filled = f"datum.filings >= {_ENOUGH}"
    return heatmap(
        base, "location_quotient", [0.5, 0.8, 1.25, 2], DIVERGING, label,
        f"{filled} && datum.location_quotient >= 2", height=26 * max(len(order), 1), filled=filled,
    )  # fmt: skip


BY_REGION = Figure(
    "sectors_by_region",
    "sectors_by_region",
    _finding,
    Text(
        f"区位商：行业在该省的占比除以在全国的占比，大于 1 表示高于全国。只为不少于 {_ENOUGH} 项的"
        "格子着色；没有这种格子的省级行政区不列出",
        "Location quotient: a sector’s share in a province divided by its share in the country; "
        f"above 1 is more than in the country. Cells with at least {_ENOUGH} filings are coloured; "
        "provinces without one are left out",
    ),
    _draw,
    is_assigned=True,
    is_wide=True,
    needs_rows=True,
)
