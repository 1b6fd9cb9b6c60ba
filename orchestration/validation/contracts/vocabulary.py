"""What the contracts of lists and of cancellation notices share: number columns, checks, results.

A contract validates a frame of strings beside the parts of each row's filing number; Pandera's
failure cases become the quarantine, one row a failed check.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.config import ValidationDepth, config_context

from scrapers.documents.bounds import LONGEST_CELL
from scrapers.documents.legible import ILLEGIBLE
from scrapers.documents.table import POSITION_DIGITS, DocumentTable, Row
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
# The quarantine shows so much of a long cell; the archive has all of it.
LONGEST_SHOWN = 200

# What a quarantine tells of a failed check and its row, after where the row stands.
CASE_COLUMNS = {
    "column_name": pl.String,
    "check_name": pl.String,
    "failure_value": pl.String,
    "filing_number": pl.String,
    "digits": pl.String,
    "algorithm_name": pl.String,
    "entity_name": pl.String,
}

_BLANKS = re.compile(r"\s{2,}")
_FAILURE_COLUMNS = {
    "row_no": pl.Int64,
    "column_name": pl.String,
    "check_name": pl.String,
    "failure_value": pl.String,
}


@dataclass(frozen=True)
class Contracted:
    """A document after its contract: `accepted`, one row a filing number; `quarantine`, one row a
    failed check of one of `quarantined_rows` rows."""

    accepted: pl.DataFrame
    quarantine: pl.DataFrame
    quarantined_rows: int


@dataclass(frozen=True)
class Checked:
    """The rows of a document that met its schema, and of those that did not each failed check
    with what identifies the row: row_no, column_name, check_name, failure_value, filing_number as
    printed, its digits, algorithm_name, entity_name."""

    good_rows: pl.DataFrame
    failures: pl.DataFrame

    @property
    def failed_rows(self) -> int:
        return self.failures["row_no"].n_unique()


def text_column(*checks: pa.Check) -> pa.Column:
    """A column of text, never null, always legible and of bounded length; an empty cell is an empty
    text."""
    return pa.Column(pl.String, nullable=False, checks=[legible(), cell_length(), *checks])


def shared_columns(number_checks: Collection[pa.Check]) -> dict[str, pa.Column]:
    """The columns of both documents' frames, with the checks that both are put to.

    What has no number fails its grammar only.
    """
    return {
        "row_no": pa.Column(pl.Int64, unique=True),
        "position": text_column(pa.Check(_where(_is_position), name="position_number")),
        "algorithm_name": text_column(required()),
        "entity_name": text_column(required()),
        "products": text_column(),
        "filing_number": text_column(
            row_check(pl.col("digits").is_not_null(), "number_grammar"),
            row_check(pl.col("has_right_check_digit"), "check_digit"),
            row_check(pl.col("serial_no") >= 1, "serial_number"),
            *number_checks,
        ),
        **{name: pa.Column(dtype, nullable=True) for name, dtype in NUMBER_COLUMNS.items()},
    }


SHARED_CHECKS = {
    "legible": "No cell holds a picture, an object, or a sign that has no character.",
    "cell_length": f"No cell has over {LONGEST_CELL:,} characters.",
    "position_number": f"A printed position is a whole number of up to {POSITION_DIGITS} digits.",
    "number_grammar": "The filing number is 网信算备 + 21 digits + 号.",
    "check_digit": "The last digit of the number is its check digit.",
    "serial_number": "The entity's running number counts from 001.",
}


def legible() -> pa.Check:
    """A check that a text is all there: no mark of an object, no sign without a character."""
    return pa.Check(_where(lambda column: ~column.str.contains(ILLEGIBLE)), name="legible")


def cell_length() -> pa.Check:
    """A check that a text is not longer than a cell can be: its length decides how long reading it
    takes."""
    return pa.Check(
        _where(lambda column: column.str.len_chars() <= LONGEST_CELL), name="cell_length"
    )


def vocabulary(words: Collection[str], name: str) -> pa.Check:
    """A check that a column holds one of the words."""
    return pa.Check(_where(lambda column: column.is_in(list(words))), name=name)


def required() -> pa.Check:
    """A check that a column is filled in."""
    return pa.Check(_where(lambda column: column.str.strip_chars() != ""), name="required")


def unique_here(name: str) -> pa.Check:
    """A check that a number stands once in its document."""
    digits = pl.col("digits")
    return row_check(digits.is_null() | digits.is_first_distinct(), name)


def row_check(test: pl.Expr, name: str) -> pa.Check:
    """A check of the row by an expression; null, as where there is no number, passes."""
    return pa.Check(lambda data: data.lazyframe.select(test.fill_null(True)), name=name)


def frame_of(table: DocumentTable[Row], squeezed: Collection[str]) -> pl.DataFrame:
    """The document as strings, and the parts of its numbers; null where there is no number.

    The `squeezed` columns are in the form for matching. A cell that is too long by its blanks alone
    loses them.
    """
    fields = table.rows[0]._fields
    schema = {name: pl.Int64 if name == "row_no" else pl.String for name in fields}
    rows = []
    for row in table.rows:
        digits = digits_of(row.filing_number)
        number = split(digits) if digits else None
        rows.append(
            {name: _without_long_blanks(cell) for name, cell in row._asdict().items()}
            | {name: matching_key(getattr(row, name)) for name in squeezed}
            | {name: getattr(number, name, None) for name in NUMBER_COLUMNS}
        )
    return pl.DataFrame(rows, schema=schema | NUMBER_COLUMNS)


def _without_long_blanks(cell: str | int) -> str | int:
    is_long = isinstance(cell, str) and len(cell) > LONGEST_CELL
    return _BLANKS.sub(" ", cell) if is_long else cell


def check_rows(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> Checked:
    """Put a frame to its schema, all checks on all rows."""
    try:
        with config_context(
            validation_enabled=True,
            validation_depth=ValidationDepth.SCHEMA_AND_DATA,
            use_narwhals_backend=False,
        ):
            schema.validate(frame, lazy=True)
        failures = pl.DataFrame(schema=_FAILURE_COLUMNS)
    except pa.errors.SchemaErrors as errors:
        failures = _failures(errors.failure_cases)
    identity = frame.select("row_no", "filing_number", "digits", "algorithm_name", "entity_name")
    told = failures.join(identity, on="row_no", how="left", maintain_order="left")
    return Checked(
        frame.join(failures, on="row_no", how="anti", maintain_order="left"),
        told.with_columns(
            _shown(name) for name, dtype in told.schema.items() if dtype == pl.String
        ),
    )


def as_columns(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The frame's columns of these names, in this order, as these types."""
    return frame.select(list(columns)).cast(dict(columns))


def _failures(cases: pl.DataFrame) -> pl.DataFrame:
    """Pandera's failure cases, one row a failed check."""
    unplaced = cases.filter(pl.col("index").is_null())
    if unplaced.height:
        # Columns are ours, so a failure without a row is a fault of the program, not of the list.
        raise TypeError(f"the contract failed on its own frame: {unplaced.to_dicts()}")
    return cases.select(
        row_no=pl.col("index").cast(pl.Int64) + 1,
        column_name="column",
        check_name="check",
        failure_value="failure_case",
    ).sort("row_no", maintain_order=True)


def _shown(name: str) -> pl.Expr:
    """A column's texts, cut where they are very long."""
    column = pl.col(name)
    is_long = column.str.len_chars() > LONGEST_SHOWN
    return pl.when(is_long).then(column.str.head(LONGEST_SHOWN) + "…").otherwise(column).alias(name)


def _where(test: Callable[[pl.Expr], pl.Expr]) -> Callable[[PolarsData], pl.LazyFrame]:
    """A Pandera check of the column itself, by an expression."""
    return lambda data: data.lazyframe.select(test(pl.col(data.key)))


def _is_position(column: pl.Expr) -> pl.Expr:
    """Most lists print no position; in others rows change places, and a number goes missing."""
    return (column == "") | column.str.contains(rf"^[0-9]{{1,{POSITION_DIGITS}}}$")
