"""The cities with the most filings."""

from collections.abc import Sequence

from orchestration.publication.report.figures import LANGS, Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import COUNT_AND_SHARE, bars, share_tips
from orchestration.publication.report.registers import joined
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    first = rows[:5]
    zh, en = ([row[f"city_{lang}"] for row in first] for lang in LANGS)
    if len(rows) <= 5:
        return Text(f"备案来自{joined(zh, 'zh')}", f"Filings come from {joined(en, 'en')}")
    share = percent(sum(row["share"] for row in first), 0)
    return Text(
        f"五个城市（{joined(zh, 'zh')}）合计占全部备案的 {share}",
        f"Five cities account for {share} of all filings: {joined(en, 'en')}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"city_{lang}"
    return bars(
        rows, name, "filings", COUNT_AND_SHARE, share_tips(lang, name, Text("城市", "City"))
    )


CITIES = Figure(
    "cities",
    "cities",
    _finding,
    Text(
        "地级及以上城市的备案数和占比，前十五位",
        "Filings and share by city of prefecture level or above, top fifteen",
    ),
    _draw,
)
