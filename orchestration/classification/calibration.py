"""Fit of the confidence in sectors to labelled filings: the rows of the seed `sector_calibration`.

Rules are calibrated on the lists that were kept out of sight when terms were chosen, with the
labels on which two readers agree. Labels are calibrated on filings that two further readers
labelled, who knew the definitions of the sectors only (seed `check_labels`).
"""

import polars as pl

from orchestration.classification.confidence import MARGINS, evidence_kind
from orchestration.classification.labels import (
    REVIEWED,
    RULES,
    is_agreed,
    is_read_twice,
    label_kind,
)
from orchestration.classification.rules import Rules, classify
from orchestration.classification.shipped import read_seed, shipped_registrations

# Labels of the whole kind that are added to a range, in their own proportion, so that a range with
# few labels has the confidence of its kind.
PRIOR = 10

_COLUMNS = {
    "source": pl.String,
    "kind": pl.String,
    "margin_from": pl.Float64,
    "labels": pl.Int64,
    "correct": pl.Int64,
    "confidence": pl.Float64,
}


def rules_calibration(labelled: pl.DataFrame) -> pl.DataFrame:
    """The rows of `sector_calibration` for the rules.

    `labelled` has `sector`, `sector_margin` and `sector_evidence` as derived, and `label_sector`.
    """
    found = labelled.select(
        kind=evidence_kind(),
        margin=pl.col("sector_margin"),
        is_correct=pl.col("sector") == pl.col("label_sector"),
    ).sort("margin")
    ranges = pl.DataFrame({"margin_from": MARGINS})
    of_kind = found.group_by("kind").agg(kind_share=_smoothed(pl.col("is_correct"), 2, 0.5))
    counted = (
        found.join_asof(ranges, left_on="margin", right_on="margin_from")
        .group_by("kind", "margin_from")
        .agg(labels=pl.len(), correct=pl.col("is_correct").sum())
    )
    return (
        of_kind.join(ranges, how="cross")
        .join(counted, on=["kind", "margin_from"], how="left")
        .with_columns(pl.col("labels", "correct").fill_null(0))
        .with_columns(
            source=pl.lit(RULES),
            confidence=(pl.col("correct") + PRIOR * pl.col("kind_share"))
            / (pl.col("labels") + PRIOR),
        )
        .pipe(_in_order)
    )


def labels_calibration(labelled: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """The rows of `sector_calibration` for labels of each kind.

    `labelled` is what `with_rules` returns, `checks` the seed `check_labels`. Only checks whose two
    sectors agree count. A single reading is measured by the first readings of filings that were
    read again.
    """
    as_rules = pl.col("sector_by_rules") == pl.col("sector")
    labels = labelled.with_columns(sector_by_rules="sector", sector="label_sector")
    checked = labels.join(
        checks.filter(is_agreed()).select("filing_number", check_sector="first_sector"),
        on="filing_number",
    ).select(kind=label_kind(as_rules), is_correct=pl.col("sector") == pl.col("check_sector"))
    # As if the second reader had not been there.
    first = labels.filter(is_read_twice(), pl.col("first_is_sure").is_not_null()).with_columns(
        readers=pl.lit("first"),
        second_sector=pl.lit(None, dtype=pl.String),
        second_is_sure=pl.lit(None, dtype=pl.Boolean),
    )
    once = first.select(
        kind=label_kind(pl.col("sector_by_rules") == pl.col("first_sector")),
        is_correct=pl.col("sector") == pl.col("first_sector"),
    )
    return (
        pl.concat([checked, once])
        .group_by("kind")
        .agg(
            labels=pl.len(),
            correct=pl.col("is_correct").sum(),
            confidence=_smoothed(pl.col("is_correct"), 2, 0.5),
        )
        .with_columns(source=pl.lit(REVIEWED), margin_from=0.0)
        .pipe(_in_order)
    )


def _smoothed(is_correct: pl.Expr, added: float, share: float) -> pl.Expr:
    """The share of true values if `added` values with this share are added."""
    return (is_correct.sum() + added * share) / (is_correct.count() + added)


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(pl.col("confidence").round(3))
        .select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
        .sort("source", "kind", "margin_from")
    )


def with_rules(filings: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The filings with their labels (`label_*`), `is_held_out`, and what the rules derive.

    The lists kept aside when terms were chosen are held out.
    """
    in_sight = read_seed("lists_in_sight")["list_month"]
    labels = (
        read_seed("filing_labels")
        .drop("algorithm_name", "entity_name")
        .with_columns(is_held_out=~pl.col("list_month").is_in(in_sight.implode()))
    )
    renamed = {name: f"label_{name}" for name in ("sector", "inputs", "outputs")}
    derived = filings.hstack(classify(filings, rules))
    return derived.join(labels.rename(renamed), on="filing_number", maintain_order="left")


def labelled_registrations(rules: Rules) -> pl.DataFrame:
    """The labelled registrations of the other registers with what the rules derive.

    The rules were made for deep synthesis. A service has no purpose and no products, so its sector
    is derived from the names of service and company alone.
    """
    labels = read_seed("registration_labels").rename({"sector": "first_sector"})
    texts = shipped_registrations().join(labels, on=["register", "number"])
    return texts.hstack(classify(texts, rules))
