"""The rules of a classification, the seeds of the dbt project that hold them, and what it gives."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from orchestration.classification.modalities import read_modalities
from orchestration.classification.sectors import SectorRules, read_sectors

CLASS_COLUMNS = {
    "inputs": pl.String,
    "outputs": pl.String,
    "is_multimodal": pl.Boolean,
    "is_cross_modal": pl.Boolean,
    "is_generative": pl.Boolean,
    "modality_evidence": pl.String,
    "sector": pl.String,
    "sector_runner_up": pl.String,
    "sector_margin": pl.Float64,
    "sector_evidence": pl.String,
}


SEED_NAMES = ("modality_terms", "sector_terms", "sector_fields", "sectors")


class Rules(NamedTuple):
    """All that a classification depends on."""

    modality_terms: pl.DataFrame
    sectors: SectorRules


def load_rules(seed: Callable[[str], pl.DataFrame]) -> Rules:
    """The rules, each of `SEED_NAMES` fetched with `seed`."""
    modality_terms, *of_sectors = (seed(name) for name in SEED_NAMES)
    return Rules(modality_terms, SectorRules(*of_sectors))


def classify(filings: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """`CLASS_COLUMNS` of each filing, in the order given.

    `filings` has `algorithm_name`, `entity_name`, `products` and `purpose`, all text; `products`
    may be null.
    """
    modalities = read_modalities(filings, rules.modality_terms)
    sectors = read_sectors(filings.with_columns(modalities["inputs", "outputs"]), rules.sectors)
    return modalities.hstack(sectors).select(
        pl.col(name).cast(kind) for name, kind in CLASS_COLUMNS.items()
    )
