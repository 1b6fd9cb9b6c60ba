"""Generative AI services by the month in which they passed."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, tips, words_of
from orchestration.publication.report.registers import SERVICE_TYPES, month_of, unbroken
from orchestration.publication.report.theme import ACCENT, GOLD, MUTED, RULE, SOFT
from orchestration.publication.state import month_text

_COLORS = {"filed": ACCENT, "registered": SOFT, "edge": GOLD}


def _finding(rows: Sequence[Row]) -> Text:
    first = rows[0]
    day, month = unbroken(first["first_passed_on"]), month_text(first["first_list_month"])
    number = sum(row["on_first_day"] for row in rows)
    if number == 1:
        passed = Text("首项生成式服务", "The first service")
    else:
        passed = Text(f"首批 {number:,} 项生成式服务", f"The first {number:,} services")
    return Text(
        f"{passed.zh}于 {day} 通过；这类服务的清单自 {month.zh}起公布",
        f"{passed.en} passed on {day}; the CAC has published lists of services since {month.en}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("月份,类型,服务数", "Month,Type,Services").of(lang).split(",")
    found = {row["service_type"] for row in rows}
    shown = [code for code in SERVICE_TYPES if code in found]
    axis = alt.Axis(format=",d", tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    chart: alt.Chart = (
        alt.Chart(ROWS)
        .transform_calculate(
            as_="type_name", calculate=words_of("service_type", SERVICE_TYPES, lang)
        )
        .transform_calculate(as_="type_order", calculate=f"indexof({shown!r}, datum.service_type)")
        .transform_calculate(as_="month", calculate=month_of("passed_month"))
        .mark_bar()
        .encode(
            x=alt.X("utcyearmonth(month):T", axis=alt.Axis(format="%Y-%m", tickCount=6,
                                                           labelOverlap="parity")),
            y=alt.Y("services:Q", stack="zero", axis=axis),
            color=alt.Color("type_name:N", scale=alt.Scale(
                domain=[SERVICE_TYPES[code].of(lang) for code in shown],
                range=[_COLORS[code] for code in shown])),
            order=alt.Order("type_order:Q"),
            tooltip=tips(("passed_month", titles[0]), ("type_name", titles[1]),
                         ("services", titles[2], ",d")),
        )
        .properties(height=240)
    )  # fmt: skip
    return chart


PASSED = Figure(
    "services_passed",
    "services_passed",
    _finding,
    Text(
        "生成式人工智能服务数，按清单所载的备案或登记时间",
        "Generative AI services by the month printed as the date of their filing or registration",
    ),
    _draw,
    covers_all_registers=True,
)
