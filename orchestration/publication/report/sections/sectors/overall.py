"""Filings by sector over all batches."""

from collections.abc import Sequence

from orchestration.publication.report.figures import LANGS, Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import COUNT_AND_SHARE, bars, tips
from orchestration.publication.report.registers import joined
from orchestration.publication.report.wording import percent

# The two sectors that are not industries.
GENERAL_PURPOSE = ("general", "creative")


def _finding(rows: Sequence[Row]) -> Text:
    found = [row for row in rows if row["filings"]]
    general, others = (
        [row for row in found if (row["sector"] in GENERAL_PURPOSE) is is_general]
        for is_general in (True, False)
    )
    share, first = percent(sum(row["share"] for row in general), 0), others[:3]
    zh, en = (joined([row[f"sector_{lang}"] for row in first], lang) for lang in LANGS)
    start = Text(
        f"通用模型与创意工具合计占 {share}",
        f"General models and creative tools account for {share}",
    )
    if not first:
        return start
    are = "the largest industry is" if len(first) == 1 else "the largest industries are"
    return Text(f"{start.zh}；各行业中以{zh}最多", f"{start.en}; {are} {en.lower()}")


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"sector_{lang}"
    titles = Text("行业,备案数,占比", "Sector,Filings,Share").of(lang).split(",")
    tooltip = tips((name, titles[0]), ("filings", titles[1], ",d"), ("share", titles[2], ".1%"))
    return bars(rows, name, "filings", COUNT_AND_SHARE, tooltip)


OVERALL = Figure(
    "sectors_ranked",
    "sectors",
    _finding,
    Text("各行业的备案数和占比", "Filings and share by sector"),
    _draw,
    is_assigned=True,
)
