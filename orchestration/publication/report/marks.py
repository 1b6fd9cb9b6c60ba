"""The few kinds of chart that the report is drawn with, all to one scale of colours and sizes.

Colours are the page's CSS variables, so that a chart follows light, dark and print by itself. Data
come by the name `rows`, once for both languages.
"""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Row, Text

ROWS = alt.Data(name="rows")

INK, MUTED, RULE = "var(--ink)", "var(--muted)", "var(--rule)"
ACCENT, SOFT, WARM, GREY = "var(--accent)", "var(--soft)", "var(--warm)", "var(--grey)"
SEQUENCE = [f"var(--seq-{step})" for step in range(6)]
DIVERGING = [f"var(--div-{step})" for step in range(5)]
ON_DEEP = "var(--on-deep)"

# Below this width of the plot cells are too narrow for figures.
NARROW = 430
BATCH = "batch_label"
_BATCH_LABEL = "datum.batch_no + '|' + slice(datum.list_month, 2)"

# One stack for page and charts; each system has one of its Latin and one of its Chinese faces.
FONT = (
    "'Inter', 'Helvetica Neue', 'Segoe UI', Roboto, Arial, 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)

# What every chart has in common; given once, when it is drawn.
CONFIG: dict[str, object] = {
    "aria": False,
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domain": False, "ticks": False, "grid": False, "title": None,
        "labelColor": INK, "labelFontSize": 12, "labelPadding": 6,
    },
    "axisX": {"labelColor": MUTED, "labelFontSize": 11, "labelAngle": 0},
    "legend": {
        "orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12, "offset": 8,
        "symbolType": "square", "symbolSize": 90, "symbolStrokeWidth": 0, "columnPadding": 16,
        "labelLimit": 320,
    },
    "text": {"fontSize": 11.5, "color": INK},
}  # fmt: skip


def tips(*fields: tuple[str, str] | tuple[str, str, str]) -> list[alt.Tooltip]:
    """Tooltips of (field, title) or (field, title, number format)."""
    return [
        alt.Tooltip(f"{field}:Q", title=title, format=rest[0])
        if rest
        else alt.Tooltip(f"{field}:N", title=title)
        for field, title, *rest in fields
    ]


def by_batch(chart: alt.Chart) -> alt.Chart:
    """With a batch's number over its month on the horizontal axis."""
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
    """Ranked horizontal bars in the order of the rows, each with its label (an expression)."""
    longest = max((row[value] for row in rows), default=1)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="label", calculate=label)
        .encode(
            y=alt.Y(f"{category}:N", sort=None, axis=alt.Axis(labelLimit=150)),
            # room for the label behind the longest bar
            x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domain=[0, 1.32 * (longest or 1)])),
            tooltip=tooltip,
        )
    )
    return (
        base.mark_bar(color=color, height=alt.RelativeBandSize(0.72)) + _behind(base)
    ).properties(height=24 * max(len(rows), 1))


def named_bars(
    rows: Sequence[Row], key: str, name: str, value: str, label: str, tooltip: list[alt.Tooltip]
) -> Chart:
    """Ranked bars with long names above them, which leaves a phone the width for the bars.

    Two rows may have one name, but not one `key`.
    """
    longest = max((row[value] for row in rows), default=1)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="label", calculate=label)
        .encode(
            y=alt.Y(f"{key}:N", sort=None, axis=None),
            x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domain=[0, 1.2 * (longest or 1)])),
            tooltip=tooltip,
        )
    )
    bar = base.mark_bar(color=ACCENT, height=7, yOffset=9)
    names = base.mark_text(align="left", dy=-6, fontSize=12.5).encode(
        x=alt.value(0), text=f"{name}:N"
    )
    return (bar + names + _behind(base, dy=9)).properties(height=36 * max(len(rows), 1))


def _behind(base: alt.Chart, dy: int = 0) -> alt.Chart:
    return base.mark_text(align="left", dx=6, dy=dy, color=MUTED).encode(text="label:N")


def stacked(
    part: str,
    value: str,
    parts: Sequence[tuple[str, str]],
    tooltip: list[alt.Tooltip],
    axis_format: str = ",d",
) -> alt.Chart:
    """Upright bars of a batch, stacked by (part, colour) from the bottom up."""
    names = [name for name, _ in parts]
    chart = alt.Chart(ROWS).mark_bar(width=alt.RelativeBandSize(0.78))
    axis = alt.Axis(format=axis_format, tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    return by_batch(chart).encode(
        y=alt.Y(f"{value}:Q", stack="zero", axis=axis),
        color=alt.Color(
            f"{part}:N", scale=alt.Scale(domain=names, range=[color for _, color in parts])
        ),
        order=alt.Order("part_order:Q"),
        tooltip=tooltip,
    ).transform_calculate(
        as_="part_order", calculate=f"indexof({names!r}, datum.{part})"
    ).properties(height=250)  # fmt: skip


def cells(
    base: alt.Chart,
    value: str,
    thresholds: Sequence[float],
    colors: Sequence[str],
    label: str,
    legend: str,
    deep: str,
    height: int,
    filled: str = "true",
) -> Chart:
    """A matrix of cells by classes of a value; figures where there is room for them.

    `deep` and `filled` are expressions: whether a cell is so dark that its figure must be light,
    and whether it is coloured at all.
    """
    base = base.transform_calculate(as_="label", calculate=label)
    fill = by_class(value, thresholds, colors, legend)
    rects = base.mark_rect(stroke="var(--paper)", strokeWidth=1.5).encode(color=fill)
    rects = rects.transform_filter(filled)
    texts = base.mark_text(fontSize=alt.ExprRef(f"width < {NARROW} ? 0 : 11")).encode(
        text="label:N",
        color=alt.when(deep)
        .then(alt.value(ON_DEEP))
        .when(filled)
        .then(alt.value(INK))
        .otherwise(alt.value(MUTED)),
    )
    return (rects + texts).properties(height=height)  # fmt: skip


def by_class(
    value: str, thresholds: Sequence[float], colors: Sequence[str], legend: str
) -> alt.Color:
    """Colour by classes of a value, named in a legend."""
    return alt.Color(
        f"{value}:Q",
        scale=alt.Scale(type="threshold", domain=list(thresholds), range=list(colors)),
        legend=alt.Legend(
            format=legend, direction="horizontal", gradientLength=alt.ExprRef("min(width, 280)"),
            gradientThickness=8, labelFontSize=11, labelColor=MUTED,
        ),
    )  # fmt: skip


def words_of(field: str, names: dict[str, Text], lang: str) -> str:
    """An expression: the words for the code in `field`, or the code where there are none."""
    texts = {code: text.zh if lang == "zh" else text.en for code, text in names.items()}
    return f"{texts!r}[datum.{field}] || datum.{field}"
