"""What algorithms take in and put out."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    ACCENT,
    GREY,
    MUTED,
    ROWS,
    RULE,
    SEQUENCE,
    SOFT,
    WARM,
    by_batch,
    cells,
    tips,
)
from orchestration.publication.report.wording import percent

_COLORS = {"generative": GREY, "cross_modal": ACCENT, "multimodal": WARM}


def _kinds_found(rows: Sequence[Row]) -> Text:
    outputs = [row for row in rows if row["side"] == "output"][:3]
    zh, en = (
        "、".join(f"{row['modality_zh']} {percent(row['share'], 0)}" for row in outputs),
        ", ".join(f"{row['modality_en'].lower()} {percent(row['share'], 0)}" for row in outputs),
    )
    return Text(f"最常生成的是{zh}", f"What is put out most: {en}")


def _draw_kinds(lang: Lang, rows: Sequence[Row]) -> Chart:
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
            x=alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, 1.2 * longest])),
            tooltip=tips((name, titles[0]), ("side_name", ""), ("filings", titles[1], ",d"),
                         ("share", titles[2], ".1%")),
        )
    )  # fmt: skip
    color = alt.Color("side_name:N", scale=alt.Scale(domain=side, range=[SOFT, ACCENT]))
    labels = base.mark_text(align="left", dx=5, color=MUTED, fontSize=11)
    return (
        base.mark_bar().encode(color=color) + labels.encode(text=alt.Text("share:Q", format=".1%"))
    ).properties(height=40 * max(len(kinds), 1))


def _pairs_found(rows: Sequence[Row]) -> Text:
    first = rows[0]
    crossing = next((row for row in rows if row["input"] != row["output"]), first)
    return Text(
        f"{percent(first['share'], 0)} 的备案由{first['input_zh']}到{first['output_zh']}；"
        f"跨模态最常见的是由{crossing['input_zh']}到{crossing['output_zh']}",
        f"{percent(first['share'], 0)} of filings make {first['output_en'].lower()} from "
        f"{first['input_en'].lower()}; across kinds it is {crossing['output_en'].lower()} from "
        f"{crossing['input_en'].lower()}",
    )


def _draw_pairs(lang: Lang, rows: Sequence[Row]) -> Chart:
    given, made = f"input_{lang}", f"output_{lang}"
    titles = Text("输入,输出,备案数,占比", "Input,Output,Filings,Share").of(lang).split(",")
    inputs, outputs = (list(dict.fromkeys(row[name] for row in rows)) for name in (given, made))
    base = alt.Chart(ROWS).encode(
        x=alt.X(f"{made}:N", sort=outputs, axis=alt.Axis(orient="top", labelLimit=70)),
        y=alt.Y(f"{given}:N", sort=inputs),
        tooltip=tips((given, titles[0]), (made, titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%")),
    )  # fmt: skip
    return cells(
        base, "share", [0.01, 0.03, 0.06, 0.12, 0.2], SEQUENCE, "format(datum.filings, ',')",
        ".0%", "datum.share >= 0.12", height=40 * max(len(inputs), 1),
    )  # fmt: skip


def _over_time_found(rows: Sequence[Row]) -> Text:
    last = {row["technique"]: row for row in rows}
    multi, cross = last.get("multimodal"), last.get("cross_modal")
    if not multi or not cross:
        return Text("各批的技术构成", "Techniques of each batch")
    return Text(
        f"全部备案中 {percent(cross['cumulative_share'], 0)} 为跨模态，"
        f"{percent(multi['cumulative_share'], 0)} 为多模态",
        f"{percent(cross['cumulative_share'], 0)} of all filings are cross-modal, "
        f"{percent(multi['cumulative_share'], 0)} multimodal",
    )


def _draw_over_time(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"technique_{lang}"
    titles = Text("批次,技术,备案数,占比", "Batch,Technique,Filings,Share").of(lang).split(",")
    last = max((row["batch_no"] for row in rows), default=0)
    words = {row["technique"]: row[name] for row in rows}
    scale = alt.Scale(domain=[words[code] for code in _COLORS if code in words],
                      range=[_COLORS[code] for code in _COLORS if code in words])  # fmt: skip
    axis = alt.Axis(format=".0%", tickCount=5, grid=True, gridColor=RULE, labelColor=MUTED)
    base = by_batch(alt.Chart(ROWS)).encode(
        y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[0, 1])),
        color=alt.Color(f"{name}:N", scale=scale, legend=None),
        tooltip=tips(("batch_no", titles[0]), (name, titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%")),
    )  # fmt: skip
    tag = f"datum.{name} + ' ' + format(datum.share, '.0%')"
    ends = base.transform_filter(f"datum.batch_no == {last}")
    return (
        base.mark_line(strokeWidth=2)
        + base.mark_point(size=34, filled=True, opacity=1)
        + ends.transform_calculate(as_="tag", calculate=tag)
        .mark_text(align="right", dx=6, dy=-11, fontWeight=600, fontSize=12)
        .encode(text="tag:N")
    ).properties(height=260)  # fmt: skip


TECHNIQUES = Section(
    "techniques",
    Text("技术", "Techniques"),
    Text(
        "输入与输出同样由文字读出。多模态＝两种及以上输出；跨模态＝有一种输出不属于输入，"
        "或两种及以上输出；生成式＝除纯识别与纯编辑之外的一切。",
        "Inputs and outputs are read from the texts too. Multimodal: two or more kinds of output. "
        "Cross-modal: a kind of output that is none of the inputs' kinds, or two or more. "
        "Generative: everything but pure recognition and pure editing.",
    ),
    [
        Figure(
            "modalities",
            "modalities",
            _kinds_found,
            Text(
                "含有各种输入或输出的备案占比；一项备案可有多种",
                "Share of filings with a kind of input or output; a filing can have several",
            ),
            _draw_kinds,
            is_reading=True,
        ),
        Figure(
            "inputs_outputs",
            "inputs_outputs",
            _pairs_found,
            Text(
                "备案数，由何种输入（行）到何种输出（列）；颜色为占全部备案的比例",
                "Filings by input (rows) and output (columns); shade tells the share of all",
            ),
            _draw_pairs,
            is_reading=True,
        ),
        Figure(
            "techniques_over_time",
            "techniques",
            _over_time_found,
            Text("在每批中的占比", "Share of each batch"),
            _draw_over_time,
            is_reading=True,
            is_wide=True,
        ),
    ],
)
