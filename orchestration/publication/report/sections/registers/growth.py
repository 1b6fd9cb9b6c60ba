"""The registrations of each register up to each month."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, layered, tips
from orchestration.publication.report.registers import (
    color,
    in_sentence,
    month_of,
    present,
    title,
)
from orchestration.publication.report.theme import MUTED, RULE
from orchestration.publication.state import month_text


def _totals(rows: Sequence[Row]) -> dict[str, int]:
    """The registrations of each register up to its last list."""
    totals = {row["register"]: row["cumulative_registrations"] for row in rows}
    return {name: totals[name] for name in present(rows)}


def _finding(rows: Sequence[Row]) -> Text:
    month = month_text(max(row["listed_month"] for row in rows))
    totals = _totals(rows).items()
    zh = "，".join(f"{in_sentence(name).zh} {total:,} 项" for name, total in totals)
    en = ", ".join(f"{in_sentence(name).en} {total:,}" for name, total in totals)
    return Text(f"截至 {month.zh}的清单：{zh}", f"Registrations in the lists to {month.en}: {en}")


def _shows(rows: Sequence[Row]) -> Text:
    """What is drawn, and how many numbers are in two registers."""
    shared: Counter[str] = Counter()
    for row in rows:
        shared[row["register"]] += row["shared_registrations"]
    # The sum would count each number twice. One register has all shared numbers.
    number = max(shared.values(), default=0)
    zh = en = ""
    if number:
        are = "number is" if number == 1 else "numbers are"
        zh = f"；有 {number:,} 个编号同时列入两类清单，在两类中各计一次"
        en = f". {number:,} {are} in two registers and counted in each"
    return Text(
        f"各类清单累计列出的登记数，按清单月份{zh}",
        f"Running total of what each register lists, by month of the list{en}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("清单,月份,新增,累计", "Register,Month,New,Running total").of(lang).split(",")
    totals = _totals(rows)
    names = {name: f"{title(name).of(lang)} {total:,}" for name, total in totals.items()}
    axis = alt.Axis(format=",d", tickCount=5, grid=True, gridColor=RULE, labelColor=MUTED)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="month", calculate=month_of("listed_month"))
        .transform_calculate(as_="register_name", calculate=f"{names!r}[datum.register]")
        .encode(
            x=alt.X("month:T", scale=alt.Scale(type="utc"),
                    axis=alt.Axis(format="%Y", tickCount="year", ticks=True, tickColor=RULE)),
            y=alt.Y("cumulative_registrations:Q", axis=axis),
            color=color(lang, list(totals), "register_name", "stroke", list(names.values())),
            tooltip=tips(("register_name", titles[0]), ("listed_month", titles[1]),
                         ("registrations", titles[2], ",d"),
                         ("cumulative_registrations", titles[3], ",d")),
        )
    )  # fmt: skip
    return layered(
        base.mark_line(strokeWidth=2.5),
        base.mark_point(size=30, filled=True, opacity=1),
        height=280,
    )


GROWTH = Figure(
    "registers_by_month",
    "registers_by_month",
    _finding,
    _shows,
    _draw,
    is_wide=True,
    covers_all_registers=True,
)
