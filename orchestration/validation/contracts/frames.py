"""From a document's table to the frame that a contract checks, and from its checks to quarantine.

A contract checks a frame of strings, next to the parts of each row's filing number where rows have
one. Pandera's failure cases become the quarantine: one row per failed check.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from orchestration.validation.quarantine import failed_checks, identified, no_failures
from scrapers.documents.bounds import LONGEST_CELL
from scrapers.documents.table import DocumentTable
from scrapers.fields.filing_number import digits_of, split
from scrapers.fields.text_keys import matching_key

NUMBER_COLUMNS = {
    "digits": pl.String,
    "region_code": pl.String,
    "entity_id": pl.String,
    "kind_code": pl.String,
    "issued_year": pl.Int64,
    "serial_no": pl.Int64,
    "has_right_check_digit": pl.Boolean,
}

_BLANKS = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class Contracted:
    """A document after its contract: `accepted`, one row per row that met it; `quarantine`, one
    row per failed check of one of `quarantined_rows` rows.
    """

    accepted: pl.DataFrame
    quarantine: pl.DataFrame
    quarantined_rows: int


@dataclass(frozen=True)
class Checked:
    """The rows of a document that met its schema, and the failed checks of the others.

    `failures` has row_no, column_name, check_name, failure_value, and the columns that identify the
    row, as printed.
    """

    good_rows: pl.DataFrame
    failures: pl.DataFrame

    @property
    def failed_rows(self) -> int:
        return self.failures["row_no"].n_unique()


def text_frame(table: DocumentTable, squeezed: Collection[str] = ()) -> pl.DataFrame:
    """The document as strings, with `row_no`.

    The `squeezed` columns are in the form for matching. A cell that is too long by its blanks alone
    loses them.
    """
    names = list(table.rows[0].cells)
    rows = [
        {"row_no": row.row_no}
        | {name: _without_long_blanks(cell) for name, cell in row.cells.items()}
        | {name: matching_key(row[name]) for name in squeezed}
        for row in table.rows
    ]
    return pl.DataFrame(rows, schema={"row_no": pl.Int64} | dict.fromkeys(names, pl.String))


def numbered_frame(table: DocumentTable, squeezed: Collection[str] = ()) -> pl.DataFrame:
    """As `text_frame`, with the parts of each row's filing number; null where there is none."""
    parts = []
    for row in table.rows:
        digits = digits_of(row["filing_number"])
        number = split(digits) if digits else None
        parts.append({name: getattr(number, name, None) for name in NUMBER_COLUMNS})
    return text_frame(table, squeezed).hstack(pl.DataFrame(parts, schema=NUMBER_COLUMNS))


def check_rows(frame: pl.DataFrame, schema: pa.DataFrameSchema, identity: Sequence[str]) -> Checked:
    """Validate a frame against its schema, all checks on all rows."""
    try:
        with config_context(
            validation_enabled=True,
            validation_depth=ValidationDepth.SCHEMA_AND_DATA,
            use_narwhals_backend=False,
        ):
            schema.validate(frame, lazy=True)
        failures = no_failures()
    except pa.errors.SchemaErrors as errors:
        failures = failed_checks(errors.failure_cases)
    return Checked(
        frame.join(failures, on="row_no", how="anti", maintain_order="left"),
        identified(failures, frame, identity),
    )


def as_columns(
    frame: pl.DataFrame, columns: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """The frame's columns of these names, in this order, as these types."""
    return frame.select(list(columns)).cast(dict(columns))


def _without_long_blanks(cell: str) -> str:
    return _BLANKS.sub(" ", cell) if len(cell) > LONGEST_CELL else cell
