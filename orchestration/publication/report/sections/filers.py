"""Entities: the largest, their number of filings, and their roles."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.companies import all_named
from orchestration.publication.report.companies import label as name_label
from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import (
    ROWS,
    layered,
    named_bars,
    stacked,
    tips,
    with_room,
    words_of,
)
from orchestration.publication.report.theme import ACCENT, MUTED, SOFT
from orchestration.publication.report.wording import ROLES, percent


def _entities_found(rows: Sequence[Row]) -> Text:
    most = rows[0]["filings"]
    first = [row for row in rows if row["filings"] == most]
    names = all_named(first)
    if most == 1:
        return Text("每个主体各有一项备案", "Every entity has a single filing")
    if len(first) > 3:
        return Text(
            f"{len(first)} 个主体的备案最多，各有 {most} 项",
            f"{len(first)} entities have the most filings: {most} each",
        )
    if len(first) > 1:
        return Text(
            f"{names.zh}的备案最多，各有 {most} 项",
            f"{names.en} have the most filings: {most} each",
        )
    return Text(f"备案最多的是{names.zh}，有 {most} 项", f"{names.en} has the most filings: {most}")


def _draw_entities(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("主体,备案数,其中已注销,曾用名", "Entity,Filings,Cancelled,Former names")
    entity, filings, cancelled, former = titles.of(lang).split(",")
    gone = Text("（已注销 ", " (cancelled: ").of(lang), Text("）", ")").of(lang)
    label = f"datum.filings + (datum.cancelled ? '{gone[0]}' + datum.cancelled + '{gone[1]}' : '')"
    tooltip = tips(
        ("entity_name", entity), ("filings", filings), ("cancelled", cancelled),
        ("former_names", former),
    )  # fmt: skip
    return named_bars(rows, "entity_id", name_label(lang), "filings", label, tooltip)


def _sizes_found(rows: Sequence[Row]) -> Text:
    single = next((row for row in rows if row["smallest"] == 1), None)
    if single is None:
        return Text("主体按备案数的分布", "Entities by number of filings")
    if len(rows) == 1:
        return Text("所有主体都只有一项备案", "All entities have a single filing")
    return Text(
        f"{percent(single['share_of_entities'], 0)} 的主体只有一项备案，"
        f"合计占全部备案的 {percent(single['share_of_filings'], 0)}",
        f"{percent(single['share_of_entities'], 0)} of entities have a single filing; together "
        f"they account for {percent(single['share_of_filings'], 0)} of all filings",
    )


def _draw_sizes(lang: Lang, rows: Sequence[Row]) -> Chart:
    of = Text("占主体总数,占备案总数", "Share of entities,Share of filings").of(lang).split(",")
    titles = Text("每个主体的备案数,主体数,占比", "Filings per entity,Entities,Share")
    each, entities, share = titles.of(lang).split(",")
    base = (
        alt.Chart(ROWS)
        .transform_fold(["share_of_entities", "share_of_filings"], as_=["folded", "share"])
        .transform_calculate(
            as_="of", calculate=f"datum.folded == 'share_of_entities' ? '{of[0]}' : '{of[1]}'"
        )
        .encode(
            y=alt.Y("filings_each:N", sort=None, scale=alt.Scale(paddingInner=0.3)),
            yOffset=alt.YOffset("of:N", sort=of),
            x=alt.X("share:Q", axis=None, scale=with_room(1, 60)),
            tooltip=tips(("filings_each", each), ("entities", entities, ",d"), ("of", ""),
                         ("share", share, ".1%")),
        )
    )  # fmt: skip
    color = alt.Color("of:N", scale=alt.Scale(domain=of, range=[ACCENT, SOFT]))
    labels = base.mark_text(align="left", dx=5, color=MUTED, fontSize=11)
    return layered(
        base.mark_bar().encode(color=color),
        labels.encode(text=alt.Text("share:Q", format=".1%")),
        height=44 * max(len(rows), 1),
    )


def _roles_found(rows: Sequence[Row]) -> Text:
    share = next(
        (row["cumulative_share"] for row in reversed(rows) if row["role"] == "technical_supporter"),
        None,
    )
    if not share:
        return Text("全部备案均由服务提供者提交", "All filings are those of service providers")
    return Text(
        f"以服务技术支持者身份提交的备案占 {percent(share, 0)}",
        f"Technical supporters account for {percent(share, 0)} of all filings",
    )


def _draw_roles(lang: Lang, rows: Sequence[Row]) -> Chart:
    names = [text.of(lang) for text in ROLES.values()]
    titles = Text("批次,角色,备案数,占比", "Batch,Role,Filings,Share").of(lang).split(",")
    chart = stacked(
        "role_name",
        "share",
        list(zip(names, (SOFT, ACCENT), strict=True)),
        tips(("batch_no", titles[0]), ("role_name", titles[1]), ("filings", titles[2], ",d"),
             ("share", titles[3], ".1%")),
        axis_format=".0%",
    )  # fmt: skip
    return chart.transform_calculate(as_="role_name", calculate=words_of("role", ROLES, lang))


FILERS = Section(
    "filers",
    Text("备案主体", "Entities"),
    Text(
        "主体代码（备案编号第 7–13 位）不因更名而变。这里按代码汇总，显示最新名称。",
        "An entity keeps its seven-digit code when it is renamed. Filings are counted by code and "
        "shown under the latest name.",
    ),
    [
        Figure(
            "entities",
            "entities",
            _entities_found,
            Text("备案数最多的十五个主体", "Filings by entity, top fifteen"),
            _draw_entities,
            is_tall=True,
        ),
        Figure(
            "filings_per_entity",
            "filings_per_entity",
            _sizes_found,
            Text("按备案数分组的主体", "Entities by number of filings"),
            _draw_sizes,
        ),
        Figure(
            "roles",
            "roles",
            _roles_found,
            Text("每批备案中两种角色的占比", "Share of each batch by role"),
            _draw_roles,
        ),
    ],
)
