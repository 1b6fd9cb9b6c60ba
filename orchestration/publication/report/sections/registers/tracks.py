"""Companies on both tracks, algorithm filing and service registration: which came first."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, legend, tips, words_of
from orchestration.publication.report.theme import ACCENT, GREY, MUTED, RULE, WARM
from orchestration.publication.report.wording import count, percent

CAME_FIRST = {
    "generative_services": Text("服务在先", "Service first"),
    "same_day": Text("同日", "Same day"),
    "deep_synthesis": Text("算法备案在先", "Algorithm filing first"),
}
# Three months per bar.
_STEP = 3


def _finding(rows: Sequence[Row]) -> Text:
    companies: Counter[str] = Counter()
    for row in rows:
        companies[row["came_first"]] += row["companies"]
    total, first = companies.total(), companies["deep_synthesis"]
    share = percent(first / total, 0)
    delays = [
        row["months_apart"]
        for row in rows
        if row["came_first"] == "deep_synthesis"
        for _ in range(row["companies"])
    ]
    zh = en = ""
    if delays:
        months = f"{median(delays):g}"
        zh = f"，服务随后通过，间隔的中位数为 {months} 个月"
        noun = "month" if months == "1" else "months"
        en = f", a median of {months} {noun} before the service"
    verb = "has" if total == 1 else "have"
    start = Text(
        f"{total:,} 家主体既有深度合成备案，也有生成式服务",
        f"{count(total, 'company', 'companies')} {verb} both a deep-synthesis filing and a "
        "generative service",
    )
    if not first:
        return Text(
            f"{start.zh}；没有一家算法备案在先", f"{start.en}; in no case did the filing come first"
        )
    if first == total:
        return Text(
            f"{start.zh}；均为算法备案在先{zh}", f"{start.en}; the filing always came first{en}"
        )
    return Text(
        f"{start.zh}；其中 {first:,} 家（{share}）算法备案在先{zh}",
        f"{start.en}; in {first:,} ({share}) the filing came first{en}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("先后,相差月数,主体数", "First,Months apart,Companies").of(lang).split(",")
    found = {row["came_first"] for row in rows}
    shown = [code for code in CAME_FIRST if code in found]
    colors = {"generative_services": WARM, "same_day": GREY, "deep_synthesis": ACCENT}
    axis = alt.Axis(format=",d", tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    chart: alt.Chart = (
        alt.Chart(ROWS)
        .transform_calculate(as_="first", calculate=words_of("came_first", CAME_FIRST, lang))
        .mark_bar()
        .encode(
            x=alt.X("months_apart:Q", bin=alt.Bin(step=_STEP),
                    axis=alt.Axis(labelOverlap="parity", labelSeparation=6)),
            y=alt.Y("sum(companies):Q", stack="zero", axis=axis),
            color=alt.Color("first:N", scale=alt.Scale(
                domain=[CAME_FIRST[code].of(lang) for code in shown],
                range=[colors[code] for code in shown]),
                legend=legend([CAME_FIRST[code].of(lang) for code in shown])),
            tooltip=[
                *tips(("first", titles[0])),
                alt.Tooltip("months_apart:Q", bin=alt.Bin(step=_STEP), title=titles[1]),
                alt.Tooltip("sum(companies):Q", format=",d", title=titles[2]),
            ],
        )
        .properties(height=240)
    )  # fmt: skip
    return chart


TRACKS = Figure(
    "tracks",
    "tracks",
    _finding,
    Text(
        "主体数，按首项深度合成备案公布到首个生成式服务通过之间的月数；负数表示服务在先",
        "Companies by the months from the announcement of their first deep-synthesis filing to the "
        "date of their first service; negative if the service came first",
    ),
    _draw,
    covers_all_registers=True,
)
