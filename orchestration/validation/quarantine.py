"""Quarantine: the failed checks of the rows that did not meet the contract, one row per check.

Where a row is (its document, version and number) is added by the contract; `files` writes the file,
`data/validated/<folder>/quarantine/<version>.parquet`.
"""

from collections.abc import Sequence

import polars as pl

# So much is stored of a long cell; the archive has all of it.
LONGEST_SHOWN = 200

_FAILURE_COLUMNS = {
    "row_no": pl.Int64,
    "column_name": pl.String,
    "check_name": pl.String,
    "failure_value": pl.String,
}


def case_columns(identity: Sequence[str]) -> dict[str, type[pl.DataType]]:
    """What a quarantine has of a failed check and its row, after the place of the row."""
    checked = dict.fromkeys(("column_name", "check_name", "failure_value"), pl.String)
    return checked | dict.fromkeys(identity, pl.String)


def no_failures() -> pl.DataFrame:
    return pl.DataFrame(schema=_FAILURE_COLUMNS)


def identified(
    failures: pl.DataFrame, frame: pl.DataFrame, identity: Sequence[str]
) -> pl.DataFrame:
    """The failed checks with the columns of `frame` that identify their rows, long texts cut."""
    found = failures.join(
        frame.select("row_no", *identity), on="row_no", how="left", maintain_order="left"
    )
    texts = [name for name, dtype in found.schema.items() if dtype == pl.String]
    return found.with_columns(map(_shown, texts))


def failed_checks(cases: pl.DataFrame) -> pl.DataFrame:
    """Pandera's failure cases, one row per failed check."""
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
