"""The provinces with the most filings."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import COUNT_AND_SHARE, bars, share_tips
from orchestration.publication.report.wording import count, percent

_SHOWN_PROVINCES = 15


def _finding(rows: Sequence[Row]) -> Text:
    first, number = rows[0], len(rows)
    share, filings = percent(first["share"]), count(first["filings"], "filing", "filings")
    if number == 1:
        return Text(
            f"{first['province_zh']}有 {first['filings']:,} 项，占 {share}",
            f"{first['province_en']} has {filings} ({share})",
        )
    return Text(
        f"{first['province_zh']}居首，共 {first['filings']:,} 项，占 {share}；"
        f"清单涉及 {number} 个省级行政区",
        f"{first['province_en']} leads with {filings} ({share}); the lists cover {number} "
        "provinces",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"province_{lang}"
    shown = bars(
        rows[:_SHOWN_PROVINCES],
        name,
        "filings",
        COUNT_AND_SHARE,
        share_tips(lang, name, Text("省级行政区", "Province")),
    )
    return shown.transform_filter(f"datum.place <= {_SHOWN_PROVINCES}")


RANKED = Figure(
    "regions_ranked",
    "regions",
    _finding,
    Text("备案数和占比，前十五位", "Filings and share, top fifteen"),
    _draw,
)
