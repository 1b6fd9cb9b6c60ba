"""Changes to filings after they were listed: cancellations and amendments."""

from collections.abc import Sequence

import altair as alt

from orchestration.publication.report.figures import Chart, Figure, Lang, Row, Section, Text
from orchestration.publication.report.marks import ROWS, bars, legend, tips, words_of
from orchestration.publication.report.theme import ACCENT, GREY, MUTED, RULE, SOFT
from orchestration.publication.report.wording import CANCELLED_AS, EVENTS, count

_CANCELLED_COLORS = {"listed": ACCENT, "not_listed": SOFT, "other_kind": GREY}


def _cancellations_found(rows: Sequence[Row]) -> Text:
    notices = len({(row["published_on"], row["notice_title"]) for row in rows})
    records = sum(row["records"] for row in rows)
    listed = sum(row["records"] for row in rows if row["status"] == "listed")
    if not notices:
        return Text("尚无注销公告", "No cancellation notice yet")
    verb = "cancels" if notices == 1 else "cancel"
    were = f"{listed or 'none'} of which {'was' if listed == 1 else 'were'}"
    return Text(
        f"{notices} 份公告共注销 {records} 个备案编号，其中 {listed} 个曾列入深度合成清单",
        f"{count(notices, 'notice', 'notices')} {verb} {count(records, 'number', 'numbers')}, "
        f"{were} in the deep-synthesis lists",
    )


def _draw_cancellations(lang: Lang, rows: Sequence[Row]) -> Chart:
    found = {row["status"] for row in rows}
    shown = [code for code in CANCELLED_AS if code in found]
    names = [CANCELLED_AS[code].of(lang) for code in shown]
    colors = [_CANCELLED_COLORS[code] for code in shown]
    titles = Text("公告日期,类别,编号数,公告", "Published,Kind,Numbers,Notice").of(lang).split(",")
    axis = alt.Axis(tickCount=4, tickMinStep=1, grid=True, gridColor=RULE, labelColor=MUTED)
    chart: alt.Chart = (
        alt.Chart(ROWS)
        .transform_calculate(as_="what", calculate=words_of("status", CANCELLED_AS, lang))
        .transform_calculate(
            as_="status_order", calculate=f"indexof({list(CANCELLED_AS)!r}, datum.status)"
        )
        .transform_calculate(as_="day", calculate="slice(datum.published_on, 2)")
        .mark_bar(width=alt.RelativeBandSize(0.6))
        .encode(
            x=alt.X("day:O", axis=alt.Axis(labelAngle=0, labelOverlap="parity")),
            y=alt.Y("records:Q", stack="zero", axis=axis),
            color=alt.Color("what:N", legend=legend(names),
                            scale=alt.Scale(domain=names, range=colors)),
            order=alt.Order("status_order:Q"),
            tooltip=tips(("published_on", titles[0]), ("what", titles[1]), ("records", titles[2]),
                         ("notice_title", titles[3])),
        )
        .properties(height=210)
    )  # fmt: skip
    return chart


def _events_found(rows: Sequence[Row]) -> Text:
    """The number of changes, and examples of notes that were not understood."""
    changes = [row for row in rows if row["event"] != "unrecognised"]
    unread = _not_understood([row for row in rows if row["event"] == "unrecognised"])
    if not changes:
        return Text(f"尚无变更记录{unread.zh}", f"No changes on record{unread.en}")
    total = sum(row["events"] for row in changes)
    zh = en = ""
    if first := next((EVENTS[_code(row)] for row in changes if _code(row) in EVENTS), None):
        zh, en = f"，最多的是{first.zh}", f"; most frequent: {first.en.lower()}"
    return Text(
        f"清单备注和公告共记载 {total:,} 次变更{zh}{unread.zh}",
        f"Notes and notices record {count(total, 'change', 'changes')}{en}{unread.en}",
    )


def _not_understood(rows: Sequence[Row]) -> Text:
    count = sum(row["events"] for row in rows)
    if not count:
        return Text("", "")
    clauses = "；".join(row["not_understood"] for row in rows)
    verb = "note was" if count == 1 else "notes were"
    return Text(
        f"；另有 {count} 条备注未能识别，如：{clauses}",
        f"; {count} {verb} not understood, such as: {clauses}",
    )


def _code(row: Row) -> str:
    """The key of an event in EVENTS."""
    return f"{row['event']}:{row['subject']}" if row["subject"] else row["event"]


def _draw_events(lang: Lang, rows: Sequence[Row]) -> Chart:
    titles = Text("变更,次数,涉及备案", "Change,Times,Filings").of(lang).split(",")
    tooltip = tips(("name", titles[0]), ("events", titles[1]), ("filings", titles[2]))
    chart = bars(rows, "name", "events", "format(datum.events, ',')", tooltip)
    return chart.transform_calculate(
        as_="code", calculate="datum.subject ? datum.event + ':' + datum.subject : datum.event"
    ).transform_calculate(as_="name", calculate=words_of("code", EVENTS, lang))


def _cancelled_found(rows: Sequence[Row]) -> Text:
    number = len(rows)
    if not number:
        return Text("尚无备案注销", "No filing has been cancelled")
    if number == 1:
        return Text("已注销的 1 项备案", "The one cancelled filing")
    return Text(f"已注销的 {number:,} 项备案", f"The {number:,} cancelled filings")


CHANGES = Section(
    "changes",
    Text("注销与变更", "Cancellations and changes"),
    Text(
        "深度合成备案列入清单后仍会变动：编号被注销，主体、算法或产品更名。变更见清单备注，注销另见公告。",
        "Deep-synthesis filings change after they are listed: numbers are cancelled, and entities, "
        "algorithms and products are renamed. Lists record this in their notes, cancellations also "
        "in notices.",
    ),
    [
        Figure(
            "cancellations",
            "cancellations",
            _cancellations_found,
            Text("每份公告注销的编号数", "Numbers cancelled by each notice"),
            _draw_cancellations,
        ),
        Figure(
            "events",
            "events",
            _events_found,
            Text("各类变更的次数", "Number of changes by kind"),
            _draw_events,
        ),
        Figure(
            "cancelled_filings",
            "cancelled_filings",
            _cancelled_found,
            Text(
                "按注销月份从近到远排列", "By the month in which they were cancelled, latest first"
            ),
            is_wide=True,
            is_list=True,
            needs_rows=True,
        ),
    ],
    short=Text("变更", "Changes"),
)
