"""The rules of the classification (seeds of the dbt project) and the columns it returns."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from orchestration.classification.confidence import confidence
from orchestration.classification.modalities import classify_modalities
from orchestration.classification.sectors import TERM_COLUMNS, SectorRules, classify_sectors

CLASS_COLUMNS = {
    "inputs": pl.String,
    "outputs": pl.String,
    "is_multimodal": pl.Boolean,
    "is_cross_modal": pl.Boolean,
    "is_generative": pl.Boolean,
    "mentions_recognition": pl.Boolean,
    "mentions_editing": pl.Boolean,
    "modality_evidence": pl.String,
    "sector": pl.String,
    "sector_runner_up": pl.String,
    "sector_margin": pl.Float64,
    "sector_evidence": pl.String,
    "sector_confidence": pl.Float64,
}

TERM_SEEDS = ("sector_words", "sector_companies", "sector_exceptions")
SEED_NAMES = (
    "modality_terms",
    *TERM_SEEDS,
    "sector_fields",
    "sector_definitions",
    "sector_calibration",
)


class Rules(NamedTuple):
    """All rules of the classification."""

    modality_terms: pl.DataFrame
    sectors: SectorRules
    calibration: pl.DataFrame


def load_rules(seed: Callable[[str], pl.DataFrame]) -> Rules:
    """Load the rules; `seed` returns each seed in `SEED_NAMES` as a data frame."""
    # Relaxed, because weights in a CSV file with whole numbers only are integers.
    terms = pl.concat(
        (seed(name).select(TERM_COLUMNS) for name in TERM_SEEDS), how="vertical_relaxed"
    )
    sectors = SectorRules(terms, seed("sector_fields"), seed("sector_definitions"))
    return Rules(seed("modality_terms"), sectors, seed("sector_calibration"))


def classify(filings: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """`CLASS_COLUMNS` of each filing, in the order given.

    `filings` has `algorithm_name`, `entity_name`, `products` and `purpose`, all text; `products`
    may be null.
    """
    modalities = classify_modalities(filings, rules.modality_terms)
    sectors = classify_sectors(filings.with_columns(modalities["inputs", "outputs"]), rules.sectors)
    classes = modalities.hstack(sectors).with_columns(
        confidence(sectors, rules.calibration).alias("sector_confidence")
    )
    return classes.select(pl.col(name).cast(kind) for name, kind in CLASS_COLUMNS.items())
