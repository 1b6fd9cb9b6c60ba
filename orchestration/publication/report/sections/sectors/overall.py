"""Filings by sector over all batches."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import COUNT_AND_SHARE, bars, tips
from orchestration.publication.report.wording import percent

# The two sectors that are not industries.
GENERAL_PURPOSE = ("general", "creative")


def _finding(rows: Sequence[Row]) -> Text:
    general, others = (
        [row for row in rows if (row["sector"] in GENERAL_PURPOSE) is is_general]
        for is_general in (True, False)
    )
    share = percent(sum(row["share"] for row in general), 0)
    first = others[:3]
    return Text(
        f"通用模型与创意工具合计占 {share}；各行业中以"
        f"{'、'.join(row['sector_zh'] for row in first)}最多",
        f"General models and creative tools account for {share}; the largest industries are "
        f"{', '.join(row['sector_en'].lower() for row in first)}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,备案数,占比", "Sector,Filings,Share").of(lang).split(",")
    tooltip = tips((name, titles[0]), ("filings", titles[1], ",d"), ("share", titles[2], ".1%"))
    return bars(rows, name, "filings", COUNT_AND_SHARE, tooltip)


OVERALL = Figure(
    "sectors",
    "sectors",
    _finding,
    Text("各行业的备案数和占比", "Filings and share by sector"),
    _draw,
    is_inferred=True,
)
