"""The provinces from which the registrations of each register come."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import LANGS, Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, layered, tips, words_of
from orchestration.publication.report.registers import (
    TITLES,
    color,
    in_sentence,
    joined,
    present,
)
from orchestration.publication.report.theme import MUTED, RULE
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    """The leading province of each register, or all of them if several have the same number."""
    zh, en = [], []
    for name in present(rows):
        own = [row for row in rows if row["register"] == name]
        most = max(row["registrations"] for row in own)
        if most:
            first = [row for row in own if row["registrations"] == most]
            share = percent(first[0]["share"], 0)
            each = len(first) > 1
            places = [joined([row[f"province_{lang}"] for row in first], lang) for lang in LANGS]
            zh.append(f"{in_sentence(name).zh}为{places[0]}（{'各占 ' if each else ''}{share}）")
            en.append(f"{in_sentence(name).en}, {places[1]} ({share}{' each' if each else ''})")
    return Text(
        f"占比最高的省级行政区：{'，'.join(zh)}",
        f"Provinces with the largest share: {'; '.join(en)}",
    )


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"province_{lang}"
    titles = Text(
        "省级行政区,清单,登记数,主体数,占比", "Province,Register,Registrations,Companies,Share"
    )
    province, register, registrations, companies, share = titles.of(lang).split(",")
    order = list(dict.fromkeys(row[name] for row in rows))
    axis = alt.Axis(format=".0%", tickCount=4, grid=True, gridColor=RULE, labelColor=MUTED)
    base = (
        alt.Chart(ROWS)
        .transform_calculate(as_="register_name", calculate=words_of("register", TITLES, lang))
        .encode(
            y=alt.Y(f"{name}:N", sort=order, axis=alt.Axis(labelLimit=150, labelPadding=10)),
            x=alt.X("share:Q", axis=axis, scale=alt.Scale(domainMin=0)),
            tooltip=tips((name, province), ("register_name", register),
                         ("registrations", registrations, ",d"),
                         ("registrants", companies, ",d"), ("share", share, ".1%")),
        )
    )  # fmt: skip
    line = base.mark_line(color=RULE, strokeWidth=2).encode(detail=f"{name}:N")
    dots = base.mark_circle(size=80, opacity=1).encode(
        color=color(lang, present(rows), "register_name", "circle")
    )
    return layered(line, dots, height=26 * max(len(order), 1))


PROVINCES = Figure(
    "registers_by_region",
    "registers_by_region",
    _finding,
    Text(
        "各省级行政区在每类清单中的占比，取最高占比居前的十二个；服务的省份取自清单的属地一栏",
        "Share of each province in each register: the twelve provinces with the largest share in "
        "any of them. The province of a service is printed in its list",
    ),
    _draw,
    covers_all_registers=True,
)
