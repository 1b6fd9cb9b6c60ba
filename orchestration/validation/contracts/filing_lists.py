"""What the contracts of filing lists share: their schema, and the stored columns.

The lists differ in one column after the name of the algorithm, such as the role of the entity.
"""

from collections.abc import Collection

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import Columns, DocumentColumn
from orchestration.validation.contracts.parsed_fields import PARSED_COLUMNS, with_parsed_fields
from orchestration.validation.contracts.vocabulary import numbered_columns, required, text_column

IDENTITY = ("filing_number", "digits", "algorithm_name", "entity_name")
UNCHANGED = ("list_position", "entity_key", "product_list", "note_events")

# Facts about a list that is attached to a page of lists.
ATTACHED_LIST: dict[str, DocumentColumn] = {
    "list_month": (pl.String, lambda version: version.facts.month),
    "label": (pl.String, lambda version: version.facts.label),
    "page_url": (pl.String, lambda version: version.facts.page_url),
    "source_url": (pl.String, lambda version: version.url),
}


def filing_schema(
    own_column: str, own_check: pa.Check, number_checks: Collection[pa.Check]
) -> pa.DataFrameSchema:
    """The Pandera schema of one list, with the check of the column that only this register has.

    Numbers need not be unique across lists: dbt counts a number that appears in two lists once.
    """
    columns = numbered_columns(number_checks)
    columns[own_column] = text_column(own_check)
    columns["purpose"] = text_column(required())
    columns["note"] = text_column()
    return pa.DataFrameSchema(columns, strict=True)


def row_columns(own_column: str) -> Columns:
    """The stored columns of a filing."""
    return {
        "list_position": pl.Int32,
        "algorithm_name": pl.String,
        own_column: pl.String,
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


def filing_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the stored columns to accepted rows."""
    return with_parsed_fields(rows).with_columns(
        list_position=pl.col("position").replace("", None),
        products=pl.col("products").replace("", None),
        note=pl.col("note").replace("", None),
        filing_number="digits",
    )
