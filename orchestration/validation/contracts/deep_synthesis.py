"""The contract of deep-synthesis lists: the conditions for a row to become a filing.

It checks types, required fields, allowed values, the format of the filing number and uniqueness
within a list. Relations between tables are tested in dbt. Every check runs on every row, and rows
that fail go to quarantine.
"""

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import Contract, Place, ReviewSeed, Tables
from orchestration.validation.contracts.elsewhere import rows_of_another_document
from orchestration.validation.contracts.filing_lists import (
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
from scrapers.registers.columns import ROLES

FILING_KIND = "01"

ROW_COLUMNS = row_columns("role")
CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_role": f"The role is one of {'、'.join(ROLES)}.",
    **NUMBERED_CHECKS,
    "generative_kind": f"The kind code in the filing number is {FILING_KIND} "
    f"({KINDS[FILING_KIND]}).",
    "unique_in_list": "No filing number appears twice in the same list.",
}


def list_schema(facts: Facts) -> pa.DataFrameSchema:
    """The Pandera schema of one list."""
    number_checks = [
        row_check(pl.col("kind_code") == FILING_KIND, "generative_kind"),
        unique_in_document("unique_in_list"),
    ]
    return filing_schema("role", one_of(ROLES, "known_role"), number_checks)


def list_frame(table: DocumentTable) -> pl.DataFrame:
    """The rows of a list as the frame that the schema checks."""
    return numbered_frame(table, normalized=("position", "role"))


def with_role(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the columns in ROW_COLUMNS to accepted rows."""
    return filing_columns(rows).with_columns(
        role=pl.col("role").replace_strict(ROLES, return_dtype=pl.String)
    )


CONTRACT = Contract(
    version="5",
    module="orchestration/validation/contracts/deep_synthesis.py",
    checks=CHECKS,
    schema=list_schema,
    frame=list_frame,
    derive=with_role,
    row_columns=ROW_COLUMNS,
    identity=IDENTITY,
    reviewed_key="digits",
    unchanged=UNCHANGED,
    place=Place("batch_no", "list_version", is_number=True),
    tables=Tables("list_versions"),
    document_columns={
        "list_month": (pl.String, lambda version: version.facts.month),
        "announced_on": (pl.Date, lambda version: version.facts.published_on),
        "page_title": (pl.String, lambda version: version.facts.title),
        "page_url": (pl.String, lambda version: version.facts.page_url),
        "source_url": (pl.String, lambda version: version.url),
    },
    month_column="list_month",
    date_column="announced_on",
    misplaced=rows_of_another_document(
        "filing_number", digits_of, name="list of batch", that="the list of that batch"
    ),
    review=ReviewSeed("reviewed_batches.csv", "batch_no", "filings", {"basis": "row_by_row"}),
)
