"""The colours, fonts and settings shared by all charts of the report.

Colours are CSS variables of the page, so charts follow its light, dark and print styles.
"""

from orchestration.publication.report.figures import Lang

INK, MUTED, RULE = "var(--ink)", "var(--muted)", "var(--rule)"
ACCENT, SOFT, WARM, GREY = "var(--accent)", "var(--soft)", "var(--warm)", "var(--grey)"
GOLD = "var(--gold)"
SEQUENCE = [f"var(--seq-{step})" for step in range(6)]
DIVERGING = [f"var(--div-{step})" for step in range(5)]
ON_DEEP = "var(--on-deep)"

# Fonts of every operating system. In English, Latin fonts come first: a Chinese font draws ’ as
# wide as a character. In Chinese, Chinese ones come first, which draw “” and … as Chinese needs.
_LATIN = (
    "Inter, 'Helvetica Neue', 'Segoe UI', Roboto, Arial, 'Liberation Sans', 'Noto Sans', "
    "'DejaVu Sans Condensed', 'DejaVu Sans'"
)
_CHINESE = (
    "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', "
    "'Source Han Sans SC', 'WenQuanYi Micro Hei'"
)
FONTS: dict[Lang, str] = {
    "zh": f"{_CHINESE}, {_LATIN}, sans-serif",
    "en": f"{_LATIN}, {_CHINESE}, sans-serif",
}

# Settings common to all charts, passed once when a chart is drawn. Fonts depend on the language.
CONFIG: dict[str, object] = {
    "aria": False,
    "background": None,
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
