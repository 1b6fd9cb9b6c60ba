"""The share of filings with each kind of input and output."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, layered, tips, with_room
from orchestration.publication.report.theme import ACCENT, MUTED, SOFT
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    found = [row for row in rows if row["side"] == "output" and row["share"]][:3]
    zh, en = (
        "、".join(f"{row['modality_zh']} {percent(row['share'])}" for row in found),
        ", ".join(f"{row['modality_en'].lower()} {percent(row['share'])}" for row in found),
    )
    are = "output" if len(found) == 1 else "outputs"
    return Text(f"最常见的输出：{zh}", f"The most common {are}: {en}")


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"modality_{lang}"
    side = Text("输入,输出", "Input,Output").of(lang).split(",")
    titles = Text("模态,备案数,占比", "Kind,Filings,Share").of(lang).split(",")
    kinds = list(dict.fromkeys(row[name] for row in sorted(rows, key=lambda row: -row["share"])))
    longest = max((row["share"] for row in rows), default=1)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(
            as_="side_name", calculate=f"datum.side == 'input' ? '{side[0]}' : '{side[1]}'",
        )
        .encode(
            y=alt.Y(f"{name}:N", sort=kinds,
                    scale=alt.Scale(paddingInner=0.28)),
            yOffset=alt.YOffset("side_name:N", sort=side),
            x=alt.X("share:Q", axis=None, scale=with_room(longest, 60)),
            tooltip=tips((name, titles[0]), ("side_name", ""), ("filings", titles[1], ",d"),
                         ("share", titles[2], ".1%")),
        )
    )  # fmt: skip
    color = alt.Color("side_name:N", scale=alt.Scale(domain=side, range=[SOFT, ACCENT]))
    labels = base.mark_text(align="left", dx=5, color=MUTED, fontSize=11)
    return layered(
        base.mark_bar().encode(color=color),
        labels.encode(text=alt.Text("share:Q", format=".1%")),
        height=40 * max(len(kinds), 1),
    )


KINDS = Figure(
    "modalities",
    "modalities",
    _finding,
    Text(
        "各类输入和输出的备案占比；一项备案可以有多种",
        "Share of filings with each kind of input or output; a filing can have several",
    ),
    _draw,
    is_assigned=True,
)
