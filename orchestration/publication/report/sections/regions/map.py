"""A tile map of filings by province."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import LANGS, Chart, Figure, Lang, Row, Text
from orchestration.publication.report.marks import ROWS, by_class, layered, share_tips
from orchestration.publication.report.registers import joined
from orchestration.publication.report.theme import INK, ON_DEEP, SEQUENCE
from orchestration.publication.report.tiles import TILES
from orchestration.publication.report.wording import percent


def _finding(rows: Sequence[Row]) -> Text:
    first = rows[:3]
    zh, en = (joined([row[f"province_{lang}"] for row in first], lang) for lang in LANGS)
    if len(rows) <= 3:
        return Text(f"备案来自{zh}", f"Filings come from {en}")
    share = percent(sum(row["share"] for row in first), 0)
    return Text(f"{zh}合计占全部备案的 {share}", f"{en} account for {share} of all filings")


def _draw(lang: Lang, rows: Sequence[Row]) -> Chart:
    name = f"province_{lang}"
    # Altair would move InlineData to named datasets, which the page does not load.
    grid = alt.Data(values=[tile._asdict() for tile in TILES])  # type: ignore[no-untyped-call]
    known = alt.LookupData(
        data=ROWS, key="province_code", fields=["filings", "share", "rank", name]
    )
    place = alt.Chart(grid).transform_lookup(lookup="province_code", from_=known)
    base = place.encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        tooltip=[
            *share_tips(lang, name, Text("省级行政区", "Province")),
            alt.Tooltip("rank:Q", title=Text("排名", "Rank").of(lang)),
        ],
    )
    held = base.transform_filter("isValid(datum.filings)")
    classed, color = by_class(held, "share", [0.005, 0.01, 0.03, 0.1, 0.2], SEQUENCE, "%", beside=0)
    on_tile = alt.condition("datum.share >= 0.1", alt.value(ON_DEEP), alt.value(INK))
    name_size = alt.ExprRef("width < 430 ? 10.5 : 12")
    names = base.mark_text(dy=-7, fontSize=name_size).encode(
        text=alt.Text(f"{lang}:N"),
        color=alt.condition("isValid(datum.filings)", alt.value(INK), alt.value("var(--muted)")),
    )
    names_on_deep = base.mark_text(dy=-7, fontSize=name_size, color=ON_DEEP).encode(
        text=alt.Text(f"{lang}:N")
    )
    counts = held.mark_text(
        dy=8, fontSize=alt.ExprRef("width < 430 ? 10.5 : 12.5"), fontWeight=600
    ).encode(text=alt.Text("filings:Q", format=",d"), color=on_tile)
    return layered(
        base.mark_rect(fill=None, stroke="var(--rule)"),
        classed.mark_rect().encode(color=color),
        names.transform_filter("!(datum.share >= 0.1)"),
        names_on_deep.transform_filter("datum.share >= 0.1"),
        counts,
        height=368,
    )


MAP = Figure(
    "regions_map",
    "regions",
    _finding,
    Text("各省级行政区的备案数；颜色表示占比", "Filings by province; colour shows the share"),
    _draw,
)
