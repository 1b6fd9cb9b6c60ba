"""Converts a document to the frame that a contract checks, and failed checks to quarantine.

The frame holds the cells as strings. For documents whose rows have filing numbers, it also holds
the parts of each number. Pandera's failure cases become the quarantine, one row per failed check.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from orchestration.validation.quarantine import failed_checks, no_failures, with_identity
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

Exceptions = Mapping[str, Collection[str]]
"""Failed checks that a reviewer accepted: {key of the row: names of the checks}."""

NO_EXCEPTIONS: Exceptions = MappingProxyType({})

_WHITE_SPACE = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class ContractResult:
    """A document after its contract was applied.

    `accepted` has the rows that met the contract. `quarantine` has one row per failed check of the
    other rows, of which there are `quarantined_rows`.
    """

    accepted: pl.DataFrame
    quarantine: pl.DataFrame
    quarantined_rows: int


@dataclass(frozen=True)
class SchemaResult:
    """The rows of a document that met its schema, and the failed checks of the other rows.

    `failures` has the columns row_no, column_name, check_name and failure_value, and the columns
    that identify the row, as printed.
    """

    good_rows: pl.DataFrame
    failures: pl.DataFrame

    @property
    def failed_rows(self) -> int:
        """The number of rows that failed at least one check."""
        return self.failures["row_no"].n_unique()


@dataclass(frozen=True)
class Waived:
    """Reviewed exceptions, and the column of the frame that has the key of a row."""

    key: str
    exceptions: Exceptions

    def without(self, failures: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
        """The failed checks of a frame that no review has accepted."""
        pairs = [(key, name) for key, names in self.exceptions.items() for name in names]
        if not pairs or failures.is_empty():
            return failures
        schema = {self.key: pl.String, "check_name": pl.String}
        accepted = frame.select("row_no", self.key).join(
            pl.DataFrame(pairs, schema=schema, orient="row"), on=self.key
        )
        return failures.join(
            accepted, on=["row_no", "check_name"], how="anti", maintain_order="left"
        )


def text_frame(
    table: DocumentTable, normalized: Collection[str] = (), of_some: Sequence[str] = ()
) -> pl.DataFrame:
    """The cells of a document as strings, with `row_no`.

    If a document has several kinds of table, the frame has the columns of all its tables, and
    `table` is the kind. A cell that the table of a row lacks is empty; `of_some` names columns that
    no table of the document may have. Columns in `normalized` are converted by `matching_key`. Runs
    of white space are collapsed in cells that are longer than LONGEST_CELL.
    """
    names = list(dict.fromkeys(chain(*(row.cells for row in table.rows), of_some)))
    none = dict.fromkeys(names, "")
    rows = [
        {"row_no": row.row_no, "table": row.table}
        | none
        | {name: _with_bounded_spaces(cell) for name, cell in row.cells.items()}
        | {name: matching_key(row[name]) for name in normalized}
        for row in table.rows
    ]
    kind = {"table": pl.String} if table.rows[0].table else {}
    schema = {"row_no": pl.Int64} | kind | dict.fromkeys(names, pl.String)
    return pl.DataFrame(rows, schema=schema)


def numbered_frame(table: DocumentTable, normalized: Collection[str] = ()) -> pl.DataFrame:
    """The frame of `text_frame` with the parts of each filing number, null if it is invalid."""
    parts = []
    for row in table.rows:
        digits = digits_of(row["filing_number"])
        number = split(digits) if digits else None
        parts.append({name: getattr(number, name, None) for name in NUMBER_COLUMNS})
    return text_frame(table, normalized).hstack(pl.DataFrame(parts, schema=NUMBER_COLUMNS))


def check_rows(
    frame: pl.DataFrame,
    schema: pa.DataFrameSchema,
    identity: Sequence[str],
    waived: Waived | None = None,
) -> SchemaResult:
    """Run all checks of a schema on all rows of a frame, except for those that are waived."""
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
        if waived:
            failures = waived.without(failures, frame)
    return SchemaResult(
        frame.join(failures, on="row_no", how="anti", maintain_order="left"),
        with_identity(failures, frame, identity),
    )


def as_columns(
    frame: pl.DataFrame, columns: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Select columns by name, in the given order, and cast them to the given types."""
    return frame.select(list(columns)).cast(pl.Schema(columns))


def _with_bounded_spaces(cell: str) -> str:
    return _WHITE_SPACE.sub(" ", cell) if len(cell) > LONGEST_CELL else cell
