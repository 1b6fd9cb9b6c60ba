"""Quarantine: the rows that did not meet the contract, with one entry per failed check.

The contract adds the document, its version and the row number; `files` writes the result to
`data/validated/<folder>/quarantine/<version>.parquet`.
"""

from collections.abc import Mapping, Sequence

import polars as pl

# Longer cells are cut in quarantine. The archive has the full text.
MAX_STORED_CHARS = 200

_FAILURE_COLUMNS = {
    "row_no": pl.Int64,
    "column_name": pl.String,
    "check_name": pl.String,
    "failure_value": pl.String,
}


def check_columns(identity: Sequence[str]) -> Mapping[str, type[pl.DataType]]:
    """The columns about a failed check and the columns that identify its row."""
    return dict.fromkeys(("column_name", "check_name", "failure_value", *identity), pl.String)


def no_failures() -> pl.DataFrame:
    """An empty frame with the columns of `failed_checks`."""
    return pl.DataFrame(schema=_FAILURE_COLUMNS)


def with_identity(
    failures: pl.DataFrame, frame: pl.DataFrame, identity: Sequence[str]
) -> pl.DataFrame:
    """Add to failed checks the columns of `frame` that identify their rows. Long texts are cut."""
    found = failures.join(
        frame.select("row_no", *identity), on="row_no", how="left", maintain_order="left"
    )
    texts = [name for name, dtype in found.schema.items() if dtype == pl.String]
    return found.with_columns(map(_shortened, texts))


def failed_checks(cases: pl.DataFrame) -> pl.DataFrame:
    """Convert Pandera's failure cases to one row per failed check.

    Raises TypeError for a failure of the whole frame: its columns are set by this program, so that
    is a bug and not a fault of the document.
    """
    without_row = cases.filter(pl.col("index").is_null())
    if without_row.height:
        raise TypeError(f"the contract failed on its own frame: {without_row.to_dicts()}")
    return cases.select(
        row_no=pl.col("index").cast(pl.Int64) + 1,
        column_name="column",
        check_name="check",
        failure_value="failure_case",
    ).sort("row_no", maintain_order=True)


def _shortened(name: str) -> pl.Expr:
    column = pl.col(name)
    is_long = column.str.len_chars() > MAX_STORED_CHARS
    cut = column.str.head(MAX_STORED_CHARS) + "…"
    return pl.when(is_long).then(cut).otherwise(column).alias(name)
