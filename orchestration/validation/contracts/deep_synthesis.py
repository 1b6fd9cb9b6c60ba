"""The contract of deep-synthesis lists: the conditions for a row to become a filing.

It checks types, required fields, allowed values, the format of the filing number and uniqueness
within a list. Relations between tables are tested in dbt. Every check runs on every row, and rows
that fail go to quarantine.
"""

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import (
    Columns,
    Contract,
    Place,
    ReviewSeed,
    Tables,
)
from orchestration.validation.contracts.elsewhere import rows_of_another_document
from orchestration.validation.contracts.frames import numbered_frame
from orchestration.validation.contracts.parsed_fields import PARSED_COLUMNS, with_parsed_fields
from orchestration.validation.contracts.vocabulary import (
    NUMBERED_CHECKS,
    numbered_columns,
    one_of,
    required,
    row_check,
    text_column,
    unique_in_document,
)
from scrapers.archive.facts import Facts
from scrapers.documents.table import DocumentTable
from scrapers.fields.filing_number import KINDS, digits_of
from scrapers.registers.columns import ROLES

FILING_KIND = "01"

ROW_COLUMNS: Columns = {
    "list_position": pl.Int32,
    "algorithm_name": pl.String,
    "role": pl.String,
    "entity_name": pl.String,
    "products": pl.String,
    "purpose": pl.String,
    "filing_number": pl.String,
    "note": pl.String,
    "region_code": pl.String,
    "entity_id": pl.String,
    "kind_code": pl.String,
    "issued_year": pl.Int32,
    "serial_no": pl.Int32,
    **PARSED_COLUMNS,
}
CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_role": f"The role is one of {'、'.join(ROLES)}.",
    **NUMBERED_CHECKS,
    "generative_kind": f"The kind code in the filing number is {FILING_KIND} "
    f"({KINDS[FILING_KIND]}).",
    "unique_in_list": "No filing number appears twice in the same list.",
}


def list_schema(facts: Facts) -> pa.DataFrameSchema:
    """The Pandera schema of one list.

    Numbers need not be unique across lists: dbt counts a number that appears in two lists once.
    """
    columns = numbered_columns(
        [
            row_check(pl.col("kind_code") == FILING_KIND, "generative_kind"),
            unique_in_document("unique_in_list"),
        ]
    )
    columns["role"] = text_column(one_of(ROLES, "known_role"))
    columns["purpose"] = text_column(required())
    columns["note"] = text_column()
    return pa.DataFrameSchema(columns, strict=True)


def list_frame(table: DocumentTable) -> pl.DataFrame:
    """The rows of a list as the frame that the schema checks."""
    return numbered_frame(table, normalized=("position", "role"))


def filing_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the columns in ROW_COLUMNS to accepted rows."""
    return with_parsed_fields(rows).with_columns(
        list_position=pl.col("position").replace("", None),
        role=pl.col("role").replace_strict(ROLES, return_dtype=pl.String),
        products=pl.col("products").replace("", None),
        note=pl.col("note").replace("", None),
        filing_number="digits",
    )


CONTRACT = Contract(
    version="5",
    module="orchestration/validation/contracts/deep_synthesis.py",
    checks=CHECKS,
    schema=list_schema,
    frame=list_frame,
    derive=filing_columns,
    row_columns=ROW_COLUMNS,
    identity=("filing_number", "digits", "algorithm_name", "entity_name"),
    reviewed_key="digits",
    unchanged=("list_position", "entity_key", "product_list", "note_events"),
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
