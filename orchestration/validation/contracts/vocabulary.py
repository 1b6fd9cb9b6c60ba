"""The columns and checks from which contracts build their schemas."""

from collections.abc import Callable, Collection

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from orchestration.validation.contracts.frames import NUMBER_COLUMNS
from scrapers.documents.bounds import LONGEST_CELL
from scrapers.documents.legible import ILLEGIBLE
from scrapers.documents.table import POSITION_DIGITS


def text_column(*checks: pa.Check) -> pa.Column:
    """A text column whose cells are legible and of bounded length.

    Cells are never null: an empty cell is an empty string.
    """
    return pa.Column(pl.String, nullable=False, checks=[legible(), cell_length(), *checks])


def position_column() -> pa.Column:
    """The column of the printed positions, which some lists leave empty."""
    return text_column(pa.Check(_column_test(_is_position), name="position_number"))


def numbered_columns(number_checks: Collection[pa.Check]) -> dict[str, pa.Column]:
    """The columns that all documents with filing numbers share, with their checks.

    `number_checks` are further checks of the filing number. A row without a valid number fails
    `number_grammar` only.
    """
    return {
        "row_no": pa.Column(pl.Int64, unique=True),
        "position": position_column(),
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


CELL_CHECKS = {
    "legible": "No cell contains a picture, an embedded object, or a glyph without a character.",
    "cell_length": f"No cell has more than {LONGEST_CELL:,} characters.",
    "position_number": "The position, if printed, is a whole number of at most "
    f"{POSITION_DIGITS} digits.",
}
NUMBERED_CHECKS = {
    **CELL_CHECKS,
    "number_grammar": "The filing number has the form 网信算备 + 21 digits + 号.",
    "check_digit": "The last digit of the filing number is the right check digit.",
    "serial_number": "The serial number within the entity is 001 or higher.",
}


def legible() -> pa.Check:
    """A check that no part of a text is a placeholder for an object or an unmapped glyph."""
    return pa.Check(_column_test(lambda column: ~column.str.contains(ILLEGIBLE)), name="legible")


def cell_length() -> pa.Check:
    """A check that a text has at most LONGEST_CELL characters, which bounds parsing time."""
    return pa.Check(
        _column_test(lambda column: column.str.len_chars() <= LONGEST_CELL), name="cell_length"
    )


def one_of(words: Collection[str], name: str) -> pa.Check:
    """A check that a column holds one of the words."""
    return pa.Check(_column_test(lambda column: column.is_in(list(words))), name=name)


def required() -> pa.Check:
    """A check that a column is not blank."""
    return pa.Check(_column_test(lambda column: column.str.strip_chars() != ""), name="required")


def unique_in_document(name: str) -> pa.Check:
    """A check that a filing number did not appear earlier in the document."""
    return row_check(first_in_document("digits"), name)


def first_in_document(column: str) -> pl.Expr:
    """Whether a value appears for the first time in the document. Null counts as new."""
    return pl.col(column).is_null() | pl.col(column).is_first_distinct()


def row_check(test: pl.Expr, name: str) -> pa.Check:
    """A check of whole rows by an expression. Null passes, as in rows without a valid number."""
    return pa.Check(lambda data: data.lazyframe.select(test.fill_null(True)), name=name)


def _column_test(test: Callable[[pl.Expr], pl.Expr]) -> Callable[[PolarsData], pl.LazyFrame]:
    """The function of a Pandera check that applies an expression to the checked column."""
    return lambda data: data.lazyframe.select(test(pl.col(data.key)))


def _is_position(column: pl.Expr) -> pl.Expr:
    """Whether a position is empty or a number. Some lists print none, or skip some."""
    return (column == "") | column.str.contains(rf"^[0-9]{{1,{POSITION_DIGITS}}}$")
