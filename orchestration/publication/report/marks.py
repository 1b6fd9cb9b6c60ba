"""The chart types of the report, all in one theme.

Every chart refers to its data by the name `rows`; the page stores the rows once for both languages.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from orchestration.publication.report.figures import Chart, Lang, Row, Text
from orchestration.publication.report.theme import ACCENT, INK, MUTED, ON_DEEP, RULE
from orchestration.publication.report.wording import OTHER

ROWS = alt.NamedData(name="rows")

# In plots narrower than this, cells have no room for numbers.
NARROW = 430
# A Vega expression: whether the figure fills the width of a phone.
ON_PHONE = "containerSize()[0] < 520"
# Pixels for the labels of the y axis.
BESIDE = 130
BATCH = "batch_label"
# A Vega expression: a share as a percentage; what rounds to 0 without being 0 is `<1%`.
SHARE = "datum.share > 0 && datum.share < 0.005 ? '<1%' : format(datum.share, '.0%')"
# A Vega expression: a label with the number of filings and their share.
COUNT_AND_SHARE = "format(datum.filings, ',') + ' · ' + format(datum.share, '.1%')"
# The title of `SHARE_RANGE`, for readers.
RANGE_OF_ERROR = Text("审读误差范围", "Range of reading error")
# A Vega expression: the range that errors of reading leave to a share.
SHARE_RANGE = (
    "isValid(datum.share_low) ? "
    "format(datum.share_low, '.1%') + '–' + format(datum.share_high, '.1%') : '—'"
)
_BATCH_LABEL = "datum.batch_no + '|' + slice(datum.list_month, 2)"


def layered(*layers: alt.Chart, height: int) -> alt.LayerChart:
    """The layers drawn on top of each other, in a plot of this height in pixels."""
    # `properties` would make the chart once more, with a deep copy of every layer.
    return alt.LayerChart(layer=list(layers), height=height)


def tips(*fields: tuple[str, str] | tuple[str, str, str]) -> list[alt.Tooltip]:
    """Tooltips from (field, title) or (field, title, number format)."""
    return [
        alt.Tooltip(f"{field}:Q", title=title, format=rest[0])
        if rest
        else alt.Tooltip(f"{field}:N", title=title)
        for field, title, *rest in fields
    ]


def share_tips(lang: Lang, field: str, title: Text) -> list[alt.Tooltip]:
    """Tooltips for a field, its filings and their share."""
    return tips(
        (field, title.of(lang)),
        ("filings", Text("备案数", "Filings").of(lang), ",d"),
        ("share", Text("占比", "Share").of(lang), ".1%"),
    )


def legend(
    names: Sequence[str], symbol: str = "square", beside: int = BESIDE, **settings: Any
) -> alt.Legend:
    """A legend with fewer names per line in plots that are too narrow for all names in one line.

    `beside` is the width in pixels of the labels of the y axis.
    """
    # The width of the figure, since that of the plot is not yet known when the legend is laid out.
    room = f"(containerSize()[0] - {beside})"
    widths = [34 + sum(12 if ord(sign) > 0x2E80 else 7 for sign in name) for name in names]
    needed, longest = sum(widths), max(widths, default=0)
    columns = f"{room} < {needed} ? max(1, floor({room} / {longest or 1})) : 0"
    return alt.Legend(symbolType=symbol, columns=alt.ExprRef(columns), **settings)


def lines_above(
    labels: Sequence[str], separator: str, condition: str = "true", **settings: Any
) -> alt.Axis:
    """An axis above the plot whose labels have a line per part, if a Vega expression is true.

    All labels have the same number of lines, filled up from the top, so that they end at the plot.
    """
    count = max(
        (len(label.split(separator) if separator else label) for label in labels), default=1
    )
    split = f"split(datum.label, {separator!r})"
    filled = split
    for lines in range(1, count):
        blank = ", ".join(["''"] * (count - lines))
        rest = ", ".join(f"{split}[{at}]" for at in range(lines))
        filled = f"length({split}) == {lines} ? [{blank}, {rest}] : ({filled})"
    return alt.Axis(
        orient="top", labelExpr=f"{condition} ? ({filled}) : datum.label", labelLineHeight=12,
        labelPadding=alt.ExprRef(f"{condition} ? {6 + 12 * (count - 1)} : 6"),
        labelOverlap=False, labelLimit=0, **settings,
    )  # fmt: skip


def with_room(longest: float, pixels: int = 100) -> alt.Scale:
    """A scale from 0 that leaves so many pixels for the label after the longest bar."""
    share = f"width / max(width - {pixels}, {pixels})"
    return alt.Scale(
        domainMin=0, domainMax=alt.ExprRef(f"{longest or 1} * {share}"), nice=False, zero=True
    )


def by_batch(chart: alt.Chart) -> alt.Chart:
    """The chart with batches on the x axis, each labelled with its number and month."""
    axis = alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelLineHeight=14,
        labelOverlap="parity",
        labelSeparation=3,
        orient="bottom",
    )
    return chart.transform_calculate(as_=BATCH, calculate=_BATCH_LABEL).encode(
        x=alt.X(f"{BATCH}:O", sort=None, axis=axis)
    )


def bars(
    rows: Sequence[Row],
    category: str,
    value: str,
    label: str,
    tooltip: list[alt.Tooltip],
    color: str = ACCENT,
) -> Chart:
    """Horizontal bars in the order of the rows; `label` is a Vega expression."""
    longest = max((row[value] for row in rows), default=1)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="label", calculate=label)
        .encode(
            y=alt.Y(f"{category}:N", sort=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X(f"{value}:Q", axis=None, scale=with_room(longest)),
            tooltip=tooltip,
        )
    )
    bar = base.mark_bar(color=color, height=alt.RelativeBandSize(0.72))
    return layered(bar, _value_labels(base), height=24 * max(len(rows), 1))


def named_bars(
    rows: Sequence[Row], key: str, name: str, value: str, label: str, tooltip: list[alt.Tooltip]
) -> Chart:
    """Horizontal bars with long names above them, so that the bars fit the width of a phone.

    `name` and `label` are Vega expressions. Names may repeat; values of `key` must be unique.
    """
    longest = max((row[value] for row in rows), default=1)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="label", calculate=label)
        .encode(
            y=alt.Y(f"{key}:N", sort=None, axis=None),
            x=alt.X(f"{value}:Q", axis=None, scale=with_room(longest, 120)),
            tooltip=tooltip,
        )
    )
    bar = base.mark_bar(color=ACCENT, height=7, yOffset=9)
    names = names_above(base, name)
    return layered(bar, names, _value_labels(base, dy=9), height=36 * max(len(rows), 1))


def names_above(base: alt.Chart, name: str) -> alt.Chart:
    """Names above horizontal bars; `name` is a Vega expression."""
    texts = base.transform_calculate(as_="name_above", calculate=name)
    marks: alt.Chart = texts.mark_text(align="left", dy=-6, fontSize=12.5)
    return marks.encode(x=alt.value(0), text=alt.Text("name_above:N"))


def _value_labels(base: alt.Chart, dy: int = 0) -> alt.Chart:
    labels: alt.Chart = base.mark_text(align="left", dx=6, dy=dy, color=MUTED)
    return labels.encode(text=alt.Text("label:N"))


def stacked(
    part: str,
    value: str,
    parts: Sequence[tuple[str, str]],
    tooltip: list[alt.Tooltip],
    axis_format: str = ",d",
) -> alt.Chart:
    """One vertical bar per batch, stacked by (part, colour) from the bottom up."""
    names = [name for name, _ in parts]
    chart = alt.Chart(ROWS).mark_bar(width=alt.RelativeBandSize(0.78))
    axis = alt.Axis(format=axis_format, tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    return by_batch(chart).encode(
        y=alt.Y(f"{value}:Q", stack="zero", axis=axis),
        color=alt.Color(
            f"{part}:N",
            scale=alt.Scale(domain=names, range=[color for _, color in parts]),
            legend=legend(names),
        ),
        order=alt.Order("part_order:Q"),
        tooltip=tooltip,
    ).transform_calculate(
        as_="part_order", calculate=f"indexof({names!r}, datum.{part})"
    ).properties(height=250)  # fmt: skip


def heatmap(
    base: alt.Chart,
    value: str,
    thresholds: Sequence[float],
    colors: Sequence[str],
    label: str,
    deep: str,
    height: int,
    unit: str = "",
    filled: str = "true",
) -> Chart:
    """A matrix of cells, coloured by classes of a value, with numbers where there is room.

    `deep` and `filled` are Vega expressions: whether a cell is so dark that its number must be
    light, and whether the cell is coloured at all.
    """
    base, fill = by_class(base, value, thresholds, colors, unit)
    base = base.transform_calculate(as_="label", calculate=label)
    rects = base.mark_rect(stroke="var(--paper)", strokeWidth=1.5).encode(color=fill)
    rects = rects.transform_filter(filled)
    texts = base.mark_text(fontSize=alt.ExprRef(f"width < {NARROW} ? 0 : 11")).encode(
        text=alt.Text("label:N"),
        color=alt.when(deep)
        .then(alt.value(ON_DEEP))
        .when(filled)
        .then(alt.value(INK))
        .otherwise(alt.value(MUTED)),
    )
    return layered(rects, texts, height=height)


def by_class(
    chart: alt.Chart,
    value: str,
    thresholds: Sequence[float],
    colors: Sequence[str],
    unit: str = "",
    beside: int = BESIDE,
) -> tuple[alt.Chart, alt.Color]:
    """The chart with a class for each value, and colours by class. The legend names every class.

    With the unit `%`, values are fractions.
    """
    texts = [f"{100 * limit:g}%" if unit == "%" else f"{limit:g}" for limit in thresholds]
    between = [f"{low.removesuffix('%')}–{high}" for low, high in pairwise(texts)]
    names = [f"<{texts[0]}", *between, f"≥{texts[-1]}"]
    chosen = repr(names[-1])
    for name, limit in reversed(list(zip(names[:-1], thresholds, strict=True))):
        chosen = f"datum.{value} < {limit} ? {name!r} : ({chosen})"
    color = alt.Color(
        "class:N",
        scale=alt.Scale(domain=names, range=list(colors)),
        legend=legend(names, beside=beside, labelFontSize=11, labelColor=MUTED, columnPadding=10,
                      symbolStrokeColor=RULE, symbolStrokeWidth=0.5),
    )  # fmt: skip
    return chart.transform_calculate(as_="class", calculate=chosen), color


def words_of(field: str, names: dict[str, Text], lang: str) -> str:
    """A Vega expression: the words for the code in `field`; `other` if it has none."""
    texts = {code: text.zh if lang == "zh" else text.en for code, text in names.items()}
    other = OTHER.zh if lang == "zh" else OTHER.en
    return f"{texts!r}[datum.{field}] || {other!r}"
