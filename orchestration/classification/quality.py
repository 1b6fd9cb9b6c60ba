"""Quality of sectors, inputs and outputs, as read and as derived by the rules.

`make quality` prints it for the shipped filings, with the purposes as worded by the replica, and
also with real purposes if given a file of them.

Confidence is fitted with each list left out of the fit. Terms cannot be left out, because they were
chosen by looking at labels. So accuracy is stated apart for the lists that were kept out of sight
then (all but those of the seed `lists_in_sight`), which is the best estimate for new filings, and
for the others, which is optimistic.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from orchestration.classification.calibration import (
    labelled_registrations,
    rules_calibration,
    with_rules,
)
from orchestration.classification.confidence import confidence
from orchestration.classification.measured import firm, measure_accuracy
from orchestration.classification.measures import Accuracy, accuracy_of
from orchestration.classification.rules import Rules, load_rules
from orchestration.classification.shipped import read_seed, shipped_filings, with_purposes

# The minimum accuracy of the rules on lists kept aside, where two readers agree.
FLOORS = {"sector": 0.78, "inputs": 0.95, "outputs": 0.97}
CHANCE = 2  # Standard errors by which a result may miss its floor, to allow for few labels.

SHOWN_PAIRS = 12
CONFIDENCES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # Lower bounds in the reliability table.


@dataclass(frozen=True)
class Quality:
    """The agreement of classes with labels, as fractions; None if there are no labels.

    `macro_f1` is the mean F1 score of the sectors among the labels. `general` is the share of
    filings classified as general. `confused` has the pairs (label, class) that differ and their
    number, the most frequent first.
    """

    labels: int
    sector: float | None
    macro_f1: float | None
    inputs: float | None
    outputs: float | None
    general: float | None
    confused: tuple[tuple[str, str, int], ...]

    def below(self, floors: Mapping[str, float] = FLOORS) -> dict[str, float]:
        """The results below their floor by more than chance allows for this number of labels."""
        missed = {}
        for name, floor in floors.items():
            value = getattr(self, name)
            if value is None:
                continue
            if value < floor - CHANCE * sqrt(floor * (1 - floor) / self.labels):
                missed[name] = value
        return missed


def measure(labelled: pl.DataFrame) -> Quality:
    """Measure classified and labelled filings, one row per filing.

    Columns: `sector`, `inputs`, `outputs`, `label_sector`, `label_inputs`, `label_outputs`.
    """
    is_right = pl.col("sector") == pl.col("label_sector")
    pairs = (
        labelled.filter(~is_right)
        .group_by("label_sector", "sector")
        .len()
        .sort("len", "label_sector", "sector", descending=[True, False, False])
    )
    return Quality(
        labels=labelled.height,
        sector=_share(labelled, is_right),
        macro_f1=_macro_f1(labelled),
        inputs=_share(
            labelled.drop_nulls("label_inputs"), pl.col("inputs") == pl.col("label_inputs")
        ),
        outputs=_share(
            labelled.drop_nulls("label_outputs"), pl.col("outputs") == pl.col("label_outputs")
        ),
        general=_share(labelled, pl.col("sector") == "general"),
        confused=tuple(pairs.rows()),
    )


def _share(rows: pl.DataFrame, condition: pl.Expr) -> float | None:
    share: float | None = rows.select(condition.mean()).item()
    return share


def _macro_f1(labelled: pl.DataFrame) -> float | None:
    scores = []
    for sector in sorted(set(labelled["label_sector"])):
        is_label, is_class = pl.col("label_sector") == sector, pl.col("sector") == sector
        both, of_both = labelled.select(
            (is_label & is_class).sum().alias("both"),
            (is_label.sum() + is_class.sum()).alias("sum"),
        ).row(0)
        scores.append(2 * both / of_both)
    return sum(scores) / len(scores) if scores else None


def with_confidence_left_out(firm: pl.DataFrame) -> pl.DataFrame:
    """The filings with `confidence_left_out`: fitted on the held-out lists without their own.

    `firm` are filings whose two labels agree, with what the rules derive.
    """
    fitted_on = firm.filter("is_held_out")
    parts = []
    for (list_month,), rows in firm.group_by("list_month", maintain_order=True):
        calibration = rules_calibration(fitted_on.filter(pl.col("list_month") != list_month))
        parts.append(rows.with_columns(confidence(rows, calibration).alias("confidence_left_out")))
    return pl.concat(parts)


def reliability(rows: pl.DataFrame) -> pl.DataFrame:
    """(confidence_from, labels, confidence, correct): means of each range of confidence.

    `rows` have `confidence_left_out`, `sector` and `label_sector`.
    """
    ranges = pl.DataFrame({"confidence_from": CONFIDENCES})
    return (
        rows.select(
            confidence="confidence_left_out",
            is_correct=pl.col("sector") == pl.col("label_sector"),
        )
        .sort("confidence")
        .join_asof(ranges, left_on="confidence", right_on="confidence_from")
        .group_by("confidence_from")
        .agg(
            labels=pl.len(),
            confidence=pl.col("confidence").mean(),
            correct=pl.col("is_correct").mean(),
        )
        # The last digits depend on the order of the sum.
        .with_columns(pl.col("confidence", "correct").round(4))
        .sort("confidence_from")
    )


def biases(rows: pl.DataFrame) -> pl.DataFrame:
    """(sector, by_label, by_rules): shares of each sector; `rows` as for `reliability`."""
    counts = (
        rows.group_by(sector=name).agg(share=pl.len() / rows.height)
        for name in ("label_sector", "sector")
    )
    labels, rules = counts
    return (
        labels.rename({"share": "by_label"})
        .join(rules.rename({"share": "by_rules"}), on="sector", how="full", coalesce=True)
        .fill_null(0)
        .sort("by_label", "sector", descending=[True, False])
    )


def main(arguments: list[str] | None = None) -> None:
    """Print the quality; exit with status 1 if a result is below its floor."""
    parser = argparse.ArgumentParser(description="Measure the quality of the classification.")
    parser.add_argument("--purposes", type=Path, help="tab-separated file of real purposes")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    rules, shipped = load_rules(read_seed), shipped_filings()
    failed = _print(console, "purposes as worded by the replica", shipped, rules)
    if options.purposes:
        failed |= _print(console, "real purposes", with_purposes(shipped, options.purposes), rules)
    if failed:
        raise SystemExit(1)


def _print(console: Console, title: str, filings: pl.DataFrame, rules: Rules) -> bool:
    """Print the results for one source; whether any is below its floor."""
    labelled = with_rules(filings, rules)
    console.rule(title)
    console.print(
        _summary(
            measure_accuracy(labelled, read_seed("check_labels"), labelled_registrations(rules))
        )
    )
    rows = with_confidence_left_out(firm(labelled))
    for name, column in (("list", "list_month"), ("year", "year")):
        console.print(_accuracy_by(rows, name, column))
    held_out = rows.filter("is_held_out")
    console.print(_reliability_table(held_out))
    console.print(_bias_table(held_out))
    found = measure(held_out)
    pairs = Table("label", "by rules", "rows", title="most confused")
    for label, sector, count in found.confused[:SHOWN_PAIRS]:
        pairs.add_row(label, sector, str(count))
    console.print(pairs)
    general = _share(labelled, pl.col("sector") == "general")
    console.print(f"general by rules: {percent(general)} of {labelled.height:,} filings")
    below = found.below()
    for name, value in below.items():
        console.print(f"below the floor of {percent(FLOORS[name])}: {name} {percent(value)}")
    return bool(below)


def _summary(measured: pl.DataFrame) -> Table:
    table = _table("measure", "labels", "share", "95 %", "kappa", title="shares that agree")
    for row in measured.iter_rows(named=True):
        interval = f"{percent(row['low'])} to {percent(row['high'])}"
        agreement = "" if row["kappa"] is None else f"{row['kappa']:.2f}"
        share = percent(row["share"])
        table.add_row(row["measure"], f"{row['labels']:,}", share, interval, agreement)
    return table


def _accuracy_by(firm: pl.DataFrame, name: str, column: str) -> Table:
    table = _table(
        name, "terms", "labels", "correct", "95 %", "mean confidence",
        title=f"sectors by rules, by {name}, where two labels agree",
    )  # fmt: skip
    for value, is_held_out, rows, found in by_group(firm, column):
        terms = "kept aside" if is_held_out else "seen"
        interval = f"{percent(found.low)} to {percent(found.high)}"
        mean = _share(rows, pl.col("confidence_left_out"))
        share = percent(found.share)
        table.add_row(str(value), terms, f"{found.labels:,}", share, interval, percent(mean))
    return table


def by_group(
    firm: pl.DataFrame, column: str
) -> Iterator[tuple[object, bool, pl.DataFrame, Accuracy]]:
    """Yield value, whether lists were kept aside, filings and accuracy, by value of a column."""
    groups = firm.sort(column).group_by(column, "is_held_out", maintain_order=True)
    for (value, is_held_out), rows in groups:
        found = accuracy_of(rows, "sector", "label_sector")
        if found:
            yield value, bool(is_held_out), rows, found


def _reliability_table(held_out: pl.DataFrame) -> Table:
    table = _table(
        "confidence from", "labels", "mean confidence", "correct",
        title="confidence in the rules, lists kept aside",
    )  # fmt: skip
    for row in reliability(held_out).iter_rows(named=True):
        shares = (row["confidence_from"], row["confidence"], row["correct"])
        first, *others = map(percent, shares)
        table.add_row(first, f"{row['labels']:,}", *others)
    return table


def _bias_table(held_out: pl.DataFrame) -> Table:
    table = _table("sector", "by label", "by rules", "bias", title="shares, lists kept aside")
    for row in biases(held_out).iter_rows(named=True):
        bias = 100 * (row["by_rules"] - row["by_label"])
        shares = (percent(row["by_label"]), percent(row["by_rules"]))
        table.add_row(row["sector"], *shares, f"{bias:+.1f}")
    return table


def _table(first: str, *others: str, title: str) -> Table:
    table = Table(first, title=title)
    for name in others:
        table.add_column(name, justify="right")
    return table


def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 in percent; empty if there is none."""
    return "" if share is None else f"{100 * share:.{digits}f} %"


if __name__ == "__main__":
    main()
