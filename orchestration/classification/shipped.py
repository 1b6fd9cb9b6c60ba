"""The texts of the shipped registers, and the seeds, for measuring the classification."""

from pathlib import Path

import polars as pl

from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from scrapers.replica.wording import purpose, scenario_purpose

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
_REGISTRATION_COLUMNS = [
    "register", "number", "algorithm_name", "entity_name", "products", "purpose"
]  # fmt: skip


def read_seed(name: str) -> pl.DataFrame:
    """A seed of the dbt project, read from its CSV file."""
    numbers = {"filing_number": pl.String}
    return pl.read_csv(SEEDS / f"{name}.csv", infer_schema_length=None, schema_overrides=numbers)


def shipped_filings() -> pl.DataFrame:
    """The shipped filings with their texts, batch and year of announcement."""
    register = load_register()
    years = {fact.batch_no: fact.published_on.year for fact in register.announcements}
    rows = [
        (
            filing.filing_number,
            filing.algorithm_name,
            filing.entity_name,
            filing.products,
            purpose(filing),
            batch_no,
            years[batch_no],
        )
        for batch_no, filings in register.filings.items()
        for filing in filings
    ]
    columns = [
        "filing_number", "algorithm_name", "entity_name", "products", "purpose", "batch_no", "year"
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


def with_purposes(filings: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The filings with the purposes from a tab-separated file.

    The file must have the columns `filing_number` and `purpose`.
    """
    real = pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)
    return filings.drop("purpose").join(
        real.select("filing_number", "purpose"), on="filing_number", maintain_order="left"
    )


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
    return pl.DataFrame([*recommendation, *services], schema=_REGISTRATION_COLUMNS, orient="row")
