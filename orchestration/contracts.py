"""The contract (Pandera): what a row of a list must be to become a filing.

Belongs here: types, required fields, vocabularies, the number's grammar, uniqueness. Values
between tables are dbt's affair. All checks run on all rows; rows that fail go to quarantine.
"""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from scrapers.documents import ListRow, ListTable
from scrapers.filing_number import KINDS, digits_of, split

# Raise it when a check changes, or the reading of documents does: all versions are judged anew.
CONTRACT_VERSION = "1"
FILING_KIND = "01"
ROLES = {"服务提供者": "provider", "服务技术支持者": "technical_supporter"}

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
}
QUARANTINE_COLUMNS = {
    "batch_no": pl.Int32,
    "list_version": pl.String,
    "document_sha256": pl.String,
    "row_no": pl.Int32,
    "column_name": pl.String,
    "check_name": pl.String,
    "failure_value": pl.String,
    "filing_number": pl.String,
    "algorithm_name": pl.String,
    "entity_name": pl.String,
}


@dataclass(frozen=True)
class Contracted:
    """A list after the contract: `accepted`, one row a filing, with ACCEPTED_COLUMNS;
    `quarantine`, one row a failed check, with QUARANTINE_COLUMNS."""

    accepted: pl.DataFrame
    quarantine: pl.DataFrame

    @property
    def quarantined_rows(self) -> int:
        return self.quarantine["row_no"].n_unique()


def list_schema(known_numbers: Collection[str] = ()) -> pa.DataFrameSchema:
    """The contract of one list; `known_numbers` are those that other batches hold already."""
    text = {"dtype": pl.String, "nullable": False}
    required = pa.Check(_where(lambda column: column.str.strip_chars() != ""), name="required")
    digits, kind = pl.col("digits"), pl.col("kind_code")
    return pa.DataFrameSchema(
        {
            "row_no": pa.Column(pl.Int64, unique=True),
            "position": pa.Column(**text, checks=pa.Check(_position, name="position_in_sequence")),
            "algorithm_name": pa.Column(**text, checks=required),
            "role": pa.Column(
                **text, checks=pa.Check(_where(lambda c: c.is_in(list(ROLES))), name="known_role")
            ),
            "entity_name": pa.Column(**text, checks=required),
            "products": pa.Column(**text),
            "purpose": pa.Column(**text, checks=required),
            "filing_number": pa.Column(
                **text,
                checks=[
                    pa.Check(_rows(digits.is_not_null()), name="number_grammar"),
                    pa.Check(_rows(pl.col("has_right_check_digit")), name="check_digit"),
                    pa.Check(_rows(pl.col("serial_no") >= 1), name="serial_number"),
                    pa.Check(_rows(kind == FILING_KIND), name="generative_kind"),
                    pa.Check(
                        _rows(digits.is_null() | digits.is_first_distinct()), name="unique_in_list"
                    ),
                    pa.Check(
                        _rows(~digits.is_in(list(known_numbers))),
                        name="unique_across_batches",
                    ),
                ],
            ),
            "note": pa.Column(**text),
            **{name: pa.Column(dtype, nullable=True) for name, dtype in NUMBER_COLUMNS.items()},
        },
        strict=True,
    )


CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_role": f"The role is one of {'、'.join(ROLES)}.",
    "position_in_sequence": "Printed positions run from 1 to n without a gap.",
    "number_grammar": "The filing number is 网信算备 + 21 digits + 号.",
    "check_digit": "The last digit of the number is its check digit.",
    "serial_number": "The entity's running number counts from 001.",
    "generative_kind": f"The number's kind is {FILING_KIND}, {KINDS[FILING_KIND]}.",
    "unique_in_list": "No number stands twice in a list.",
    "unique_across_batches": "No number stands in another batch already.",
}


def apply_contract(
    table: ListTable,
    *,
    batch_no: int,
    list_version: str,
    document_sha256: str,
    known_numbers: Collection[str],
) -> Contracted:
    """Split a list into the rows that meet the contract and the reasons why others do not."""
    frame = _frame(table)
    try:
        list_schema(known_numbers).validate(frame, lazy=True)
        failures = pl.DataFrame(schema=_FAILURE_COLUMNS)
    except pa.errors.SchemaErrors as errors:
        failures = _failures(errors.failure_cases)
    place = {
        "batch_no": pl.lit(batch_no),
        "list_version": pl.lit(list_version),
        "document_sha256": pl.lit(document_sha256),
    }
    bad_rows = frame.join(failures, on="row_no", how="semi")
    quarantine = failures.join(bad_rows, on="row_no", how="left", maintain_order="left").select(
        **place,
        row_no="row_no",
        column_name="column",
        check_name="check",
        failure_value="failure",
        filing_number="filing_number",
        algorithm_name="algorithm_name",
        entity_name="entity_name",
    )
    good_rows = frame.join(failures, on="row_no", how="anti", maintain_order="left")
    return Contracted(
        _accepted(good_rows, batch_no, list_version), quarantine.cast(QUARANTINE_COLUMNS)
    )


NUMBER_COLUMNS = {
    "digits": pl.String,
    "region_code": pl.String,
    "entity_id": pl.String,
    "kind_code": pl.String,
    "issued_year": pl.Int64,
    "serial_no": pl.Int64,
    "has_right_check_digit": pl.Boolean,
}


def _frame(table: ListTable) -> pl.DataFrame:
    """The list as strings, and the parts of its numbers; null where there is no number."""
    schema = {"row_no": pl.Int64}
    schema |= {name: pl.String for name in ListRow._fields if name != "row_no"} | NUMBER_COLUMNS
    rows = []
    for row in table.rows:
        digits = digits_of(row.filing_number)
        number = split(digits) if digits else None
        rows.append(
            row._replace(role=_squeeze(row.role), position=_squeeze(row.position))._asdict()
            | {name: getattr(number, name, None) for name in NUMBER_COLUMNS}
        )
    return pl.DataFrame(rows, schema=schema)


def _accepted(rows: pl.DataFrame, batch_no: int, list_version: str) -> pl.DataFrame:
    return (
        rows.select(
            "row_no",
            "algorithm_name",
            "entity_name",
            "purpose",
            "region_code",
            "entity_id",
            "kind_code",
            "issued_year",
            "serial_no",
            batch_no=pl.lit(batch_no),
            list_version=pl.lit(list_version),
            list_position=pl.col("position").replace("", None),
            role=pl.col("role").replace_strict(ROLES, return_dtype=pl.String),
            products=pl.col("products").replace("", None),
            filing_number="digits",
            note=pl.col("note").replace("", None),
        )
        .select(list(ACCEPTED_COLUMNS))
        .cast(ACCEPTED_COLUMNS)
    )


_FAILURE_COLUMNS = {
    "row_no": pl.Int64,
    "column": pl.String,
    "check": pl.String,
    "failure": pl.String,
}


def _failures(cases: pl.DataFrame) -> pl.DataFrame:
    """Pandera's failure cases as row_no, column, check, failure; one row a failed check."""
    unplaced = cases.filter(pl.col("index").is_null())
    if unplaced.height:
        # Columns are ours, so a failure without a row is a fault of the program, not of the list.
        raise TypeError(f"the contract failed on its own frame: {unplaced.to_dicts()}")
    return cases.select(
        row_no=pl.col("index").cast(pl.Int64) + 1,
        column="column",
        check="check",
        failure="failure_case",
    ).sort("row_no", maintain_order=True)


def _where(
    test: Callable[[pl.Expr], pl.Expr],
) -> Callable[[PolarsData], pl.LazyFrame]:
    """A Pandera check of the column itself, by an expression."""
    return lambda data: data.lazyframe.select(test(pl.col(data.key)))


def _rows(test: pl.Expr) -> Callable[[PolarsData], pl.LazyFrame]:
    """A Pandera check of the row, by an expression; what has no number fails its grammar only."""
    return lambda data: data.lazyframe.select(test.fill_null(True))


def _position(data: PolarsData) -> pl.LazyFrame:
    """A printed position is its row's number; most lists print none."""
    position = pl.col(data.key)
    expected = pl.col("row_no").cast(pl.String)
    return data.lazyframe.select((position == "") | (position == expected))


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
