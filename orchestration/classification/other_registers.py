"""Quality of the sectors of recommendation filings and services, on labelled random samples.

The rules were made for deep synthesis. Services have no purpose and no products, so their sector is
read from the names of service and company alone. The labels (seed `registration_labels`) are of one
reader, who read each row twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import polars as pl
from rich.table import Table

from orchestration.classification.rules import Rules, classify
from scrapers.replica.facts import load_register
from scrapers.replica.wording import scenario_purpose

_COLUMNS = ["register", "number", "algorithm_name", "entity_name", "products", "purpose"]
Z = 1.96  # Of a 95 % interval.


@dataclass(frozen=True)
class SectorAccuracy:
    """The share of labelled rows whose sector is right, with its 95 % interval (Wilson)."""

    rows: int
    share: float
    low: float
    high: float


def accuracy(right: int, rows: int) -> SectorAccuracy:
    """The accuracy of `right` of `rows`, which is at least 1."""
    share, spread = right / rows, Z * Z / rows
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / rows + spread / (4 * rows)) / (1 + spread)
    return SectorAccuracy(rows, share, middle - half, middle + half)


def shipped_registrations() -> pl.DataFrame:
    """The texts of the shipped recommendation filings and services, as the models read them."""
    register = load_register()
    recommendation = (
        (
            "recommendation", row.filing_number, row.algorithm_name, row.entity_name,
            row.products, scenario_purpose(row.scenario),
        )
        for listed in register.recommendation_lists
        for row in listed.filings
    )  # fmt: skip
    services = (
        ("generative_services", row.service_number, row.service_name, row.entity_name, None, "")
        for listed in register.service_lists
        for row in listed.services
    )
    return pl.DataFrame([*recommendation, *services], schema=_COLUMNS, orient="row")


def measured(rules: Rules, labels: pl.DataFrame) -> Iterator[tuple[str, str, SectorAccuracy]]:
    """Yield register, rows measured and accuracy, for rows whose two readings agree."""
    texts = shipped_registrations().join(
        labels.rename({"sector": "label"}), on=["register", "number"]
    )
    found = texts.hstack(classify(texts, rules)).filter(pl.col("label") == pl.col("second_sector"))
    for register in sorted(set(found["register"])):
        rows = found.filter(register=register)
        sets = {
            "readings agree": rows,
            "reader was sure": rows.filter("is_sure"),
            "classified as other than general": rows.filter(pl.col("sector") != "general"),
        }
        for name, part in sets.items():
            if part.height:
                right = part.filter(pl.col("sector") == pl.col("label")).height
                yield register, name, accuracy(right, part.height)


def quality_table(rules: Rules, labels: pl.DataFrame) -> Table:
    """The accuracy as a table for the terminal."""
    table = Table("register", "labels", "rows", "sector", "95 %", title="sectors elsewhere")
    for register, name, found in measured(rules, labels):
        interval = f"{100 * found.low:.0f} to {100 * found.high:.0f} %"
        table.add_row(register, name, str(found.rows), f"{100 * found.share:.1f} %", interval)
    return table
