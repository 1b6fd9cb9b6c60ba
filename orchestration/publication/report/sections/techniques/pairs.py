"""Filings by pairs of input and output."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ON_PHONE, ROWS, heatmap, lines_above, tips
from orchestration.publication.report.theme import SEQUENCE
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    first = rows[0]
    share = percent(first["share"], 0)
    same = Text(
        f"{share} 的备案属于“{first['input_zh']}→{first['output_zh']}”",
        f"{share} of filings turn {first['input_en'].lower()} into {first['output_en'].lower()}",
    )
    crossing = next((row for row in rows if row["input"] != row["output"]), None)
    if crossing is None or crossing is first:
        return same
    return Text(
        f"{same.zh}；在输入与输出类型不同的组合中，"
        f"“{crossing['input_zh']}→{crossing['output_zh']}”最多",
        f"{same.en}; the most common pair of different kinds is {crossing['input_en'].lower()} "
        f"into {crossing['output_en'].lower()}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    given, made = f"input_{lang}", f"output_{lang}"
    titles = Text("输入,输出,备案数,占比", "Input,Output,Filings,Share").of(lang).split(",")
    inputs, outputs = (list(dict.fromkeys(row[name] for row in rows)) for name in (given, made))
    size = alt.ExprRef(f"{ON_PHONE} ? 9 : 11")
    above = lines_above(outputs, " ", labelFontSize=size)
    base = alt.Chart(ROWS).encode(
        x=alt.X(f"{made}:N", sort=outputs, axis=above),
        y=alt.Y(f"{given}:N", sort=inputs),
        tooltip=tips((given, titles[0]), (made, titles[1]), ("filings", titles[2], ",d"),
                     ("share", titles[3], ".1%")),
    )  # fmt: skip
    return heatmap(
        base, "share", [0.01, 0.03, 0.06, 0.12, 0.2], SEQUENCE, "format(datum.filings, ',')",
        "datum.share >= 0.12", height=40 * max(len(inputs), 1), unit="%",
    )  # fmt: skip


PAIRS = Figure(
    "inputs_outputs",
    "inputs_outputs",
    _finding,
    Text(
        "按输入（行）和输出（列）统计的备案数；颜色表示占全部备案的比例",
        "Filings by input (rows) and output (columns); colour shows the share of all filings",
    ),
    _draw,
    is_assigned=True,
)
