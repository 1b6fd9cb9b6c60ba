"""The vocabulary of contracts: the columns and checks of which schemas are made."""

from collections.abc import Callable, Collection

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from orchestration.validation.contracts.frames import NUMBER_COLUMNS
from scrapers.documents.bounds import LONGEST_CELL
from scrapers.documents.legible import ILLEGIBLE
from scrapers.documents.table import POSITION_DIGITS


def text_column(*checks: pa.Check) -> pa.Column:
    """A column of text, never null, always legible and of bounded length; an empty cell is an empty
    text.
    """
    return pa.Column(pl.String, nullable=False, checks=[legible(), cell_length(), *checks])


def numbered_columns(number_checks: Collection[pa.Check]) -> dict[str, pa.Column]:
    """The columns of documents whose rows have filing numbers, with the checks of all of them.

    A row without a number fails the check of its grammar only.
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


NUMBERED_CHECKS = {
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
    takes.
    """
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
    """A check of the row by an expression; null passes, as it does for a row without a number."""
    return pa.Check(lambda data: data.lazyframe.select(test.fill_null(True)), name=name)


def _where(test: Callable[[pl.Expr], pl.Expr]) -> Callable[[PolarsData], pl.LazyFrame]:
    """A Pandera check of the column itself, by an expression."""
    return lambda data: data.lazyframe.select(test(pl.col(data.key)))


def _is_position(column: pl.Expr) -> pl.Expr:
    """Most lists print no position; in others rows change places, and a number goes missing."""
    return (column == "") | column.str.contains(rf"^[0-9]{{1,{POSITION_DIGITS}}}$")
