"""The contract of recommendation lists: the conditions for a row to become a filing.

The filing number has the grammar of deep synthesis. Its kind code must match the printed category.
"""

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import Contract, Place, ReviewSeed, Tables
from orchestration.validation.contracts.elsewhere import rows_of_another_document
from orchestration.validation.contracts.filing_lists import (
    ATTACHED_LIST,
    IDENTITY,
    UNCHANGED,
    filing_columns,
    filing_schema,
    row_columns,
)
from orchestration.validation.contracts.frames import numbered_frame
from orchestration.validation.contracts.vocabulary import (
    NUMBERED_CHECKS,
    one_of,
    row_check,
    unique_in_document,
)
from scrapers.archive.facts import Facts
from scrapers.documents.table import DocumentTable
from scrapers.fields.filing_number import KINDS, digits_of
from scrapers.registers.columns import CATEGORIES

ROW_COLUMNS = row_columns("category")
CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_category": f"The category is one of {'、'.join(CATEGORIES)}.",
    **NUMBERED_CHECKS,
    "known_kind": f"The kind code in the filing number is one of {'、'.join(KINDS)}.",
    "category_of_kind": "The kind code in the filing number is one that the category stands for.",
    "unique_in_list": "No filing number appears twice in the same list.",
}


def list_schema(facts: Facts) -> pa.DataFrameSchema:
    """The Pandera schema of one list."""
    number_checks = [
        row_check(pl.col("kind_code").is_in(list(KINDS)), "known_kind"),
        row_check(_is_kind_of_category(), "category_of_kind"),
        unique_in_document("unique_in_list"),
    ]
    return filing_schema("category", one_of(CATEGORIES, "known_category"), number_checks)


def list_frame(table: DocumentTable) -> pl.DataFrame:
    """The rows of a list as the frame that the schema checks."""
    return numbered_frame(table, normalized=("position", "category"))


def _is_kind_of_category() -> pl.Expr:
    """Whether the kind code belongs to the category. Null if the category is unknown."""
    kinds = pl.col("category").replace_strict(
        {category: list(kinds) for category, kinds in CATEGORIES.items()},
        default=None,
        return_dtype=pl.List(pl.String),
    )
    kind = pl.col("kind_code")
    # A list contains no null, so a row without a valid number would fail this check too.
    return pl.when(kind.is_not_null()).then(kinds.list.contains(kind))


CONTRACT = Contract(
    version="1",
    module="orchestration/validation/contracts/recommendation.py",
    checks=CHECKS,
    schema=list_schema,
    frame=list_frame,
    derive=filing_columns,
    row_columns=ROW_COLUMNS,
    identity=IDENTITY,
    reviewed_key="digits",
    unchanged=UNCHANGED,
    place=Place("document_key", "list_version"),
    tables=Tables("recommendation_lists", "recommendation_filings", "recommendation_quarantine"),
    document_columns=ATTACHED_LIST,
    month_column="list_month",
    misplaced=rows_of_another_document("filing_number", digits_of),
    # Some lists have ten rows. A single bad one must not hold back the others.
    tolerated_rows=1,
    review=ReviewSeed("reviewed_lists.csv", "list_month", "rows", {"register": "recommendation"}),
)
