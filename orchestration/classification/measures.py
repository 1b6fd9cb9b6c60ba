"""Measures of agreement: shares with their intervals, and kappa."""

from dataclasses import dataclass
from math import sqrt

import polars as pl

Z = 1.96  # Of a 95 % interval.


@dataclass(frozen=True)
class Accuracy:
    """The share of `correct` among `labels`, with its 95 % interval (Wilson); shares are 0 to 1.

    `kappa` is that of two readers, and None for other measures.
    """

    labels: int
    correct: int
    share: float
    low: float
    high: float
    kappa: float | None = None


def accuracy(correct: int, labels: int) -> Accuracy:
    """The accuracy of `correct` of `labels`, which is at least 1."""
    share, spread = correct / labels, Z * Z / labels
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / labels + spread / (4 * labels)) / (1 + spread)
    return Accuracy(labels, correct, share, middle - half, middle + half)


def accuracy_of(rows: pl.DataFrame, one: str, other: str) -> Accuracy | None:
    """How often two columns are equal, among rows that have both; None without such rows."""
    both = rows.drop_nulls([one, other])
    if both.is_empty():
        return None
    return accuracy(both.filter(pl.col(one) == pl.col(other)).height, both.height)


def kappa(rows: pl.DataFrame, one: str, other: str) -> float:
    """Cohen's kappa of two columns: the agreement beyond what their frequencies alone give."""
    agreed: float = rows.select((pl.col(one) == pl.col(other)).mean()).item()
    shares = [rows.group_by(value=name).agg(share=pl.len() / rows.height) for name in (one, other)]
    both = shares[0].join(shares[1], on="value")
    by_chance: float = both.select((pl.col("share") * pl.col("share_right")).sum()).item()
    return (agreed - by_chance) / (1 - by_chance)
