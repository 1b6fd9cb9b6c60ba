"""The chance that a sector derived by the rules is right, from how firm its evidence is.

The seed `sector_calibration` has the share of right sectors for each kind of evidence and range of
margins, as found on labelled filings. `orchestration.classification.calibration` makes it.
"""

import polars as pl

from orchestration.classification.sectors import NO_TERM, TOOLS

# Lower bounds of the ranges. A margin is the lead over the runner-up, in points.
MARGINS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


def evidence_kind() -> pl.Expr:
    """The kind of evidence of a class, from `sector` and `sector_evidence`.

    `none` (general for lack of terms), `general`, `tool` (a sector that says what a tool does) or
    `subject`.
    """
    return (
        pl.when(pl.col("sector_evidence") == NO_TERM)
        .then(pl.lit("none"))
        .when(pl.col("sector") == "general")
        .then(pl.lit("general"))
        .when(pl.col("sector").is_in(TOOLS))
        .then(pl.lit("tool"))
        .otherwise(pl.lit("subject"))
    )


def confidence(classes: pl.DataFrame, calibration: pl.DataFrame) -> pl.Series:
    """`sector_confidence` of each class, between 0 and 1, in the order given.

    `classes` has `sector`, `sector_margin` and `sector_evidence`. Raises ValueError if the
    calibration lacks a kind of evidence.
    """
    ranges = calibration.filter(source="rules").select(
        "kind", "margin_from", sector_confidence="confidence"
    )
    found = (
        classes.select(margin=pl.col("sector_margin"), kind=evidence_kind())
        .with_row_index("row")
        .sort("margin")
        .join_asof(
            ranges.sort("margin_from"),
            left_on="margin",
            right_on="margin_from",
            by="kind",
            check_sortedness=False,
        )
        .sort("row")
    )
    lacking = found.filter(pl.col("sector_confidence").is_null())["kind"].unique().sort()
    if not lacking.is_empty():
        msg = f"sector_calibration has no row for {', '.join(lacking)}; run make calibrate"
        raise ValueError(msg)
    return found["sector_confidence"]
