"""The claims of the article compared with the register."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    RANGE_OF_ERROR,
    ROWS,
    layered,
    legend,
    tips,
    with_room,
    words_of,
)
from orchestration.publication.report.theme import ACCENT, GREY, INK, MUTED, WARM
from orchestration.publication.report.wording import VERDICTS, count

# A claim that is not measurable has no value, so the chart does not show it.
VERDICT_COLORS = {"supported": ACCENT, "contradicted": WARM, "inconclusive": GREY}
# Shares fit one scale. Growth has a tolerance of ten points; claims about named systems have none.
_IS_SHARE = "datum.unit == 'percent' && datum.tolerance <= 1 && isValid(datum.measured_value)"

# Only measures of sectors have a range.
_VALUE_RANGE = (
    "isValid(datum.value_low) ? "
    "format(datum.value_low, '.1f') + '–' + format(datum.value_high, '.1f') : '—'"
)


def _found(rows: Sequence[Row]) -> Text:
    counts = Counter(row["verdict"] for row in rows)
    supported, contradicted, inconclusive, unknown = (counts[verdict] for verdict in VERDICTS)
    remain = "remains" if inconclusive == 1 else "remain"
    return Text(
        f"{len(rows)} 条论断中，{supported} 条成立，{contradicted} 条不成立，"
        f"{inconclusive} 条无定论，{unknown} 条无法测算",
        f"Of {count(len(rows), 'claim', 'claims')}, the registers support {supported} and "
        f"contradict {contradicted}; {inconclusive} {remain} inconclusive and {unknown} cannot be "
        "measured",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    statement = Text("statement_zh", "statement").of(lang)
    titles = (
        Text("论断,文章数值,实测数值,结论", "Claim,Stated,Measured,Verdict").of(lang).split(",")
    )
    shares = [
        row
        for row in rows
        if row["unit"] == "percent" and row["tolerance"] <= 1 and row["measured_value"] is not None
    ]
    values = [value for row in shares for value in (row["stated_value"], row["measured_value"])]
    top = max(values, default=100)
    base = (
        alt.Chart(ROWS)
        .transform_filter(_IS_SHARE)
        .transform_calculate(as_="verdict_name", calculate=words_of("verdict", VERDICTS, lang))
        .transform_calculate(as_="value_range", calculate=_VALUE_RANGE)
        .encode(
            y=alt.Y(f"{statement}:N", sort=None, axis=None),
            tooltip=tips((statement, titles[0]), ("stated_value", titles[1], ".1f"),
                         ("measured_value", titles[2], ".1f"),
                         ("value_range", RANGE_OF_ERROR.of(lang)), ("verdict_name", titles[3])),
        )
    )  # fmt: skip
    color = alt.Color(
        "verdict_name:N",
        scale=alt.Scale(domain=[VERDICTS[code].of(lang) for code in VERDICT_COLORS],
                        range=list(VERDICT_COLORS.values())),
        legend=legend([VERDICTS[code].of(lang) for code in VERDICT_COLORS], "circle"),
    )  # fmt: skip
    x = with_room(top, 110)
    # Statements start with a capital letter and write percentages like the labels.
    sentence = (
        f"upper(slice(datum.{statement}, 0, 1)) + replace(replace(slice(datum.{statement}, 1), "
        "' %', '%'), /'/g, '’')"
    )
    words = base.transform_calculate(as_="sentence", calculate=sentence).mark_text(
        align="left", dy=-10, fontSize=12.5, color=INK
    )
    line = base.mark_rule(strokeWidth=1.5, color=MUTED, opacity=0.6, yOffset=8)
    stated = base.mark_point(
        size=70, filled=False, color=MUTED, strokeWidth=1.6, yOffset=8, opacity=1
    )
    measured = base.mark_circle(size=95, opacity=1, yOffset=8)
    label = base.mark_text(align="left", dx=9, dy=8, fontSize=11, color=MUTED).transform_calculate(
        as_="values",
        calculate="format(datum.stated_value, '.0f') + '% → ' + "
        "(datum.measured_value > 0 && datum.measured_value < 0.05 ? '<0.1' : "
        "format(datum.measured_value, '.1f')) + '%'",
    )
    return layered(
        words.encode(x=alt.value(0), text=alt.Text("sentence:N")),
        line.encode(x=alt.X("stated_value:Q", scale=x, axis=None), x2=alt.X2("measured_value:Q")),
        stated.encode(x=alt.X("stated_value:Q", scale=x)),
        measured.encode(x=alt.X("measured_value:Q", scale=x), color=color),
        label.encode(x=alt.X("right:Q", scale=x), text=alt.Text("values:N")).transform_calculate(
            as_="right", calculate="max(datum.stated_value, datum.measured_value)"
        ),
        height=42 * max(len(shares), 1),
    )


CLAIMS = Section(
    "claims",
    Text("一篇文章的论断", "Claims of an article"),
    Text(
        "下面这篇文章根据前十批清单得出了一系列论断。这里用清单能够支持的最接近的口径逐条复算："
        "空心圈是文章给出的数值，实心点是根据清单计算的数值。"
        "口径与论断一致且数值相符，论断才算成立。",
        "The article below drew conclusions from the first ten batches. Each claim is checked with "
        "the closest measure that the registers allow. Rings show the figure in the article, dots "
        "the figure in the registers. A claim is supported only if the measure counts what it "
        "claims.",
    ),
    [
        Figure(
            "article_claims",
            "claims",
            _found,
            Text("关于占比的论断：文章数值 → 实测数值", "Claims about shares: stated → measured"),
            _draw,
            is_wide=True,
            needs_rows=True,
        )
    ],
    short=Text("论断", "Claims"),
)
