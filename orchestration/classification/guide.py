"""The figures of docs/accuracy.md, and its plot of the confidence (`make calibrate` writes both).

The guide marks each table with a comment, `<!-- measured: name -->`, before it, and another,
`<!-- end -->`, after it.
"""

import re
from collections.abc import Iterator, Mapping

import altair as alt
import polars as pl
import vl_convert

from orchestration.classification.measured import by_measure
from orchestration.classification.measures import Accuracy, accuracy
from orchestration.classification.quality import biases, by_group, percent, reliability
from orchestration.settings import PROJECT_ROOT

GUIDE = PROJECT_ROOT / "docs" / "accuracy.md"
PLOT = PROJECT_ROOT / "docs" / "images" / "reliability.svg"

_TABLE = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

_READERS = {
    "readers_of_labels": "batches 12 to 18, two readers of all filings",
    "readers_of_checks": "300 random filings of these, two further readers",
    "readers_of_checks_early": "200 random filings of batches 1 to 11, two further readers",
    "readers_of_recommendation": "200 recommendation filings",
    "readers_of_generative_services": "200 generative services",
}
_REVIEWED = {
    "reviewed_sector": "sectors of batches 12 to 18, where both agree",
    "reviewed_sector_first": "… compared with one of them, all",
    "reviewed_sector_second": "… compared with the other, all",
    "reviewed_sector_early": "sectors of batches 1 to 11, where both agree",
    "reviewed_sector_first_early": "… compared with one of them, all",
    "reviewed_sector_second_early": "… compared with the other, all",
    "reviewed_inputs": "inputs of batches 12 to 18",
    "reviewed_inputs_early": "inputs of batches 1 to 11",
    "reviewed_outputs": "outputs of batches 12 to 18",
    "reviewed_outputs_early": "outputs of batches 1 to 11",
}
_RULES = {
    "rules_sector_held_out": "lists kept aside when terms were chosen, where two readers agree",
    "rules_sector_held_out_all": "… all filings, the sector that readers decided on",
    "rules_sector_checked_held_out": "… random filings, where two further readers agree",
    "rules_sector_seen": "other lists from batch 12 on, where two readers agree",
    "rules_sector_checked_seen": "… random filings, where two further readers agree",
}
_OTHERS = {
    "recommendation_sector": "recommendation, readers agree",
    "recommendation_sector_sure": "… and both were sure",
    "recommendation_sector_not_general": "… and the rules say more than `general`",
    "generative_services_sector": "generative services, readers agree",
    "generative_services_sector_sure": "… and both were sure",
    "generative_services_sector_not_general": "… and the rules say more than `general`",
}


def with_tables(text: str, by_name: Mapping[str, str]) -> str:
    """The text with its tables replaced. Raises KeyError if it marks an unknown table."""
    return _TABLE.sub(lambda found: f"{found[1]}{by_name[found[2]]}\n{found[3]}", text)


def tables(firm: pl.DataFrame, measured_rows: pl.DataFrame) -> dict[str, str]:
    """The tables by name, in Markdown.

    `firm` are the filings whose two labels agree, with `confidence_left_out`; `measured_rows` are
    the rows of the seed `measured_accuracy`.
    """
    measured = by_measure(measured_rows)
    held_out = firm.filter("is_held_out")
    return {
        "readers": _measures("readings", _READERS, measured, kappa=True),
        "reviewed": _measures("compared with two further readers", _REVIEWED, measured),
        "rules": _measures("sectors by rules", _RULES, measured),
        "others": _measures("register", _OTHERS, measured),
        "lists": _lists(firm, "list_month", "list"),
        "years": _lists(firm, "year", "year"),
        "confidence": _confidence(held_out),
        "sectors": _sectors(held_out),
    }


def _measures(
    title: str, names: Mapping[str, str], measured: Mapping[str, Accuracy], *, kappa: bool = False
) -> str:
    header = [title, "filings", "equal" if kappa else "correct", "95 % interval"]
    rows = []
    for name, shown in names.items():
        found = measured[name]
        row = [shown, f"{found.labels:,}", percent(found.share), _interval(found)]
        rows.append([*row, f"{found.kappa:.2f}"] if kappa else row)
    return _table([*header, "kappa"] if kappa else header, rows)


def _lists(firm: pl.DataFrame, column: str, name: str) -> str:
    header = [name, "terms chosen", "filings", "correct", "95 % interval", "mean confidence"]
    rows = [
        [
            str(value),
            "without it" if is_held_out else "with it in sight",
            f"{found.labels:,}",
            percent(found.share),
            _interval(found),
            percent(rows.select(pl.col("confidence_left_out").mean()).item()),
        ]
        for value, is_held_out, rows, found in by_group(firm, column)
    ]
    return _table(header, rows)


def _confidence(held_out: pl.DataFrame) -> str:
    rows = [
        [
            f"from {percent(row['confidence_from'], 0)}",
            f"{row['labels']:,}",
            percent(row["confidence"]),
            percent(row["correct"]),
            _interval(accuracy(round(row["correct"] * row["labels"]), row["labels"])),
        ]
        for row in reliability(held_out).iter_rows(named=True)
    ]
    return _table(["confidence", "filings", "mean", "correct", "95 % interval"], rows)


def _sectors(held_out: pl.DataFrame) -> str:
    rows = [
        [
            f"`{row['sector']}`",
            percent(row["by_label"]),
            percent(row["by_rules"]),
            _points(row["by_rules"] - row["by_label"]),
        ]
        for row in biases(held_out).iter_rows(named=True)
    ]
    return _table(["sector", "by readers", "by rules", "difference, points"], rows)


def _table(header: list[str], rows: list[list[str]]) -> str:
    alignment = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, alignment, *rows))


def _interval(found: Accuracy) -> str:
    return f"{100 * found.low:.1f} to {percent(found.high)}"


def _points(difference: float) -> str:
    """Percentage points with a sign; 0.0 has none."""
    return f"{round(100 * difference, 1) + 0.0:+.1f}".replace("+0.0", "0.0")


def plot(found: pl.DataFrame) -> str:
    """The plot of what `reliability` returns, as SVG."""
    points = [{**row, "low": low, "high": high} for row, low, high in _with_intervals(found)]
    scale = alt.Scale(domain=[0.2, 1.0])
    x = alt.X("confidence:Q", title="mean confidence", scale=scale, axis=alt.Axis(format=".0%"))
    y = alt.Y("correct:Q", title="correct", scale=scale, axis=alt.Axis(format=".0%"))
    base = alt.Chart(pl.DataFrame(points)).encode(x=x)
    ends = [0.2, 1.0]
    diagonal = (
        alt.Chart(pl.DataFrame({"confidence": ends, "correct": ends}))
        .mark_line(color="#999", strokeDash=[4, 4])
        .encode(x=x, y=y)
    )
    ranges = base.mark_rule(color="#4c78a8").encode(
        y=alt.Y("low:Q", scale=scale, title="correct"), y2="high:Q"
    )
    dots = base.mark_point(color="#4c78a8", filled=True, size=60, opacity=1).encode(y=y)
    chart = (diagonal + ranges + dots).properties(width=320, height=320, background="white")
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg


def _with_intervals(found: pl.DataFrame) -> Iterator[tuple[dict[str, object], float, float]]:
    for row in found.iter_rows(named=True):
        interval = accuracy(round(row["correct"] * row["labels"]), row["labels"])
        yield row, interval.low, interval.high
