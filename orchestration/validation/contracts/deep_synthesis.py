"""The contract of a list (Pandera): what a row must be to become a filing.

Belongs here: types, required fields, vocabularies, the number's grammar, uniqueness. Values
between tables are dbt's affair. All checks run on all rows; rows that fail go to quarantine.
"""

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.parsed_fields import READING_COLUMNS, with_readings
from orchestration.validation.contracts.vocabulary import (
    CASE_COLUMNS,
    SHARED_CHECKS,
    Contracted,
    as_columns,
    check_rows,
    frame_of,
    required,
    row_check,
    shared_columns,
    text_column,
    unique_here,
    vocabulary,
)
from scrapers.documents import ListTable
from scrapers.documents.table import ROLES
from scrapers.fields.filing_number import KINDS

# Raise it when a check changes, or the reading of documents does: all versions are judged anew.
CONTRACT_VERSION = "5"
FILING_KIND = "01"

ACCEPTED_COLUMNS = {
    "batch_no": pl.Int32,
    "list_version": pl.String,
    "row_no": pl.Int32,
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
    **READING_COLUMNS,
}
QUARANTINE_COLUMNS = {
    "batch_no": pl.Int32,
    "list_version": pl.String,
    "document_sha256": pl.String,
    "row_no": pl.Int32,
    **CASE_COLUMNS,
}
CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_role": f"The role is one of {'、'.join(ROLES)}.",
    **SHARED_CHECKS,
    "generative_kind": f"The number's kind is {FILING_KIND}, {KINDS[FILING_KIND]}.",
    "unique_in_list": "No number stands twice in a list.",
}


def list_schema() -> pa.DataFrameSchema:
    """The contract of one list. Another list may show the same number: dbt counts it once."""
    columns = shared_columns(
        [
            row_check(pl.col("kind_code") == FILING_KIND, "generative_kind"),
            unique_here("unique_in_list"),
        ]
    )
    columns["role"] = text_column(vocabulary(ROLES, "known_role"))
    columns["purpose"] = text_column(required())
    columns["note"] = text_column()
    return pa.DataFrameSchema(columns, strict=True)


def apply_contract(
    table: ListTable,
    *,
    batch_no: int,
    list_version: str,
    document_sha256: str,
) -> Contracted:
    """Split a list into the rows that meet the contract (ACCEPTED_COLUMNS) and the reasons why
    others do not (QUARANTINE_COLUMNS)."""
    frame = frame_of(table, squeezed=("position", "role"))
    checked = check_rows(frame, list_schema())
    place = {"batch_no": pl.lit(batch_no), "list_version": pl.lit(list_version)}
    accepted = with_readings(checked.good_rows).with_columns(
        **place,
        list_position=pl.col("position").replace("", None),
        role=pl.col("role").replace_strict(ROLES, return_dtype=pl.String),
        products=pl.col("products").replace("", None),
        note=pl.col("note").replace("", None),
        filing_number="digits",
    )
    quarantine = checked.failures.with_columns(**place, document_sha256=pl.lit(document_sha256))
    return Contracted(
        as_columns(accepted, ACCEPTED_COLUMNS),
        as_columns(quarantine, QUARANTINE_COLUMNS),
        checked.failed_rows,
    )
