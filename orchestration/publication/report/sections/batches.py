"""Batches over time: filings, and new and returning entities."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import ROWS, by_batch, layered, stacked, tips
from orchestration.publication.report.theme import ACCENT, SOFT
from orchestration.publication.report.wording import count, percent


def _filings_found(rows: Sequence[Row]) -> Text:
    largest, last = max(rows, key=lambda row: row["filings"]), rows[-1]
    number, filings = last["batch_no"], count(last["filings"], "filing", "filings")
    if len(rows) == 1:
        return Text(f"第 {number} 批共 {last['filings']:,} 项备案", f"Batch {number} has {filings}")
    if largest["filings"] == last["filings"]:
        return Text(
            f"最近的第 {number} 批是迄今最多的一批，有 {last['filings']:,} 项",
            f"The latest batch, {number}, is the largest so far, with {filings}",
        )
    return Text(
        f"第 {largest['batch_no']} 批最多，有 {largest['filings']:,} 项；"
        f"最近的第 {number} 批有 {last['filings']:,} 项",
        f"Batch {largest['batch_no']} is the largest, with {largest['filings']:,} filings. The "
        f"latest, batch {number}, has {last['filings']:,}",
    )


def _draw_filings(lang: Lang, rows: Sequence[Row]) -> Chart:
    names = Text("批次,公布日期,备案数,累计", "Batch,Announced,Filings,Running total")
    batch, announced, filings, total = names.of(lang).split(",")
    base = by_batch(alt.Chart(ROWS)).encode(
        y=alt.Y("filings:Q", axis=None),
        tooltip=tips(
            ("batch_no", batch), ("announced_on", announced), ("filings", filings, ",d"),
            ("cumulative_filings", total, ",d"),
        ),
    )  # fmt: skip
    bar = base.mark_bar(color=ACCENT, width=alt.RelativeBandSize(0.78))
    digits = max((len(f"{row['filings']:,}") for row in rows), default=1)
    size = alt.ExprRef(f"min(11.5, width / {0.68 * digits * max(len(rows), 1):.1f})")
    label = base.mark_text(dy=-8, fontSize=size).encode(text=alt.Text("filings:Q", format=",d"))
    return layered(bar, label, height=230)


def _entities_found(rows: Sequence[Row]) -> Text:
    last = rows[-1]
    number, entities = last["batch_no"], last["entities"]
    if len(rows) == 1:
        return Text(
            f"第 {number} 批有 {entities:,} 个备案主体，均为首次备案",
            f"Batch {number} has {count(entities, 'new entity', 'entities, all of them new')}",
        )
    share = percent(last["new_share"], 0)
    verb = "files" if entities == 1 else "file"
    return Text(
        f"第 {number} 批的 {entities:,} 个主体中，{share} 为首次备案",
        f"Of the {count(entities, 'entity', 'entities')} in batch {number}, {share} {verb} for the "
        "first time",
    )


def _draw_entities(lang: Lang, rows: Sequence[Row]) -> Chart:
    names = Text("首次备案,再次备案,批次,主体数", "New,Returning,Batch,Entities")
    new, returning, batch, entities = names.of(lang).split(",")
    folded = f"datum.folded == 'new_entities' ? '{new}' : '{returning}'"
    return (
        stacked(
            "group",
            "entities_each",
            [(new, ACCENT), (returning, SOFT)],
            tips(("batch_no", batch), ("group", ""), ("entities_each", entities, ",d")),
        )
        .transform_fold(["new_entities", "returning_entities"], as_=["folded", "entities_each"])
        .transform_calculate(as_="group", calculate=folded)
    )


BATCHES = Section(
    "batches",
    Text("批次", "Batches"),
    Text(
        "深度合成清单分批公布，每批对应一则公告和一份清单。清单公布数月后仍可能直接修订，网址不变；这里展示最新内容。",
        "Deep-synthesis filings come in batches: each is one announcement with one list. Lists are "
        "amended in place, even months later; this report shows their current contents.",
    ),
    [
        Figure(
            "filings_by_batch",
            "batches",
            _filings_found,
            Text("各批清单所列备案数", "Filings listed, by batch and month of the list"),
            _draw_filings,
        ),
        Figure(
            "entities_by_batch",
            "batches",
            _entities_found,
            Text(
                "各批备案主体数，按七位主体代码区分首次备案与再次备案",
                "Entities in each batch; new and returning ones by their seven-digit code",
            ),
            _draw_entities,
        ),
    ],
)
