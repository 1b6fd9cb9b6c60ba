"""The companies with the most registrations over all registers."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.companies import all_named, label
from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import (
    ROWS,
    layered,
    names_above,
    tips,
    with_room,
    words_of,
)
from orchestration.publication.report.registers import (
    TITLES,
    color,
    in_sentence,
    present,
)
from orchestration.publication.report.theme import MUTED


def _finding(rows: Sequence[Row]) -> Text:
    most = max(row["total"] for row in rows)
    first = [row for row in rows if row["total"] == most]
    companies = list({row["registrant_id"]: row for row in first}.values())
    names = all_named(companies)
    if len(companies) > 1:
        return Text(
            f"{names.zh}的登记最多，各有 {most:,} 项",
            f"{names.en} have the most registrations: {most:,} each",
        )
    parts = {row["register"]: row["registrations"] for row in first}
    ordered = [(in_sentence(name), parts[name]) for name in present(first)]
    zh = "、".join(f"{text.zh} {number:,} 项" for text, number in ordered)
    en = ", ".join(f"{text.en} {number:,}" for text, number in ordered)
    return Text(
        f"登记最多的是{names.zh}，共 {most:,} 项：{zh}",
        f"{names.en} has the most registrations, {most:,}: {en}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = (
        Text("主体,清单,登记数,合计", "Company,Register,Registrations,Total").of(lang).split(",")
    )
    registers = present(rows)
    companies = len({row["registrant_id"] for row in rows})
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="register_name", calculate=words_of("register", TITLES, lang))
        .transform_calculate(as_="part_order", calculate=f"indexof({registers!r}, datum.register)")
        .encode(
            y=alt.Y("registrant_id:N", sort=None, axis=None),
            tooltip=tips(("entity_name", titles[0]), ("register_name", titles[1]),
                         ("registrations", titles[2], ",d"), ("total", titles[3], ",d")),
        )
    )  # fmt: skip
    longest = max((row["total"] for row in rows), default=1)
    scale = with_room(longest, 40)
    bar = base.mark_bar(height=7, yOffset=9).encode(
        x=alt.X("registrations:Q", stack="zero", axis=None, scale=scale),
        color=color(lang, registers, "register_name", "square", beside=0),
        order=alt.Order("part_order:Q"),
    )
    once = base.transform_filter("datum.part_no == 1")
    names = names_above(once, label(lang))
    totals = once.mark_text(align="left", dx=6, dy=9, color=MUTED).encode(
        x=alt.X("total:Q", scale=scale), text=alt.Text("total:Q", format=",d")
    )
    return layered(bar, names, totals, height=36 * max(companies, 1))


LARGEST = Figure(
    "top_registrants",
    "top_registrants",
    _finding,
    Text(
        "各类清单合计登记数最多的十五家主体",
        "Registrations in all registers, top fifteen companies",
    ),
    _draw,
    is_tall=True,
    covers_all_registers=True,
)
