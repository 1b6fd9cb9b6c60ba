"""Totals that the source has published, compared with the rows of its lists."""

from collections.abc import Sequence

from orchestration.publication.report.figures import Figure, Row, Text
from orchestration.publication.report.registers import SERVICE_TYPES
from orchestration.publication.report.wording import named
from orchestration.publication.state import month_text


def _finding(rows: Sequence[Row]) -> Text:
    """How many totals agree with the lists, and by how much the others differ."""
    differing = [row for row in rows if row["difference"]]
    number, same = len(rows), len(rows) - len(differing)
    texts = [_stated(row) for row in differing]
    zh, en = "".join(f"；{text.zh}" for text in texts), "".join(f"; {text.en}" for text in texts)
    if not differing:
        which = (
            "The one total"
            if number == 1
            else {2: "Both totals"}.get(number, f"All {number} totals")
        )
        agree = "agrees with its lists" if number == 1 else "agree with its lists"
        return Text(
            f"网信办公布过 {number} 个累计数，{'与' if number == 1 else '均与'}清单一致",
            f"{which} that the CAC has published {agree}",
        )
    if not same:
        which, verb = ("The one total", "differs") if number == 1 else ("The totals", "differ")
        return Text(
            f"网信办公布过 {number} 个累计数，与清单不一致{zh}",
            f"{which} that the CAC has published {verb} from its lists{en}",
        )
    agree = "agrees" if same == 1 else "agree"
    return Text(
        f"网信办公布过 {number} 个累计数，其中 {same} 个与清单一致{zh}",
        f"{same} of the {number} totals that the CAC has published {agree} with its lists{en}",
    )


def _stated(row: Row) -> Text:
    kind, month = named(SERVICE_TYPES, row["service_type"]), month_text(row["as_of_month"])
    stated, listed = f"{row['stated_total']:,}", f"{row['listed_total']:,}"
    return Text(
        f"截至 {month.zh}，公布的{kind.zh}服务为 {stated} 项，清单列出 {listed} 项",
        f"up to {month.en} it counts {stated} {kind.en.lower()} services, its lists {listed}",
    )


TOTALS = Figure(
    "official_totals",
    "official_totals",
    _finding,
    Text(
        "生成式人工智能服务：公布的累计数与截至同月的清单行数；清单数据不按公布数调整",
        "Generative AI services: running totals as published, and the rows of the lists up to the "
        "same month. The rows are not adjusted",
    ),
    is_wide=True,
    covers_all_registers=True,
)
