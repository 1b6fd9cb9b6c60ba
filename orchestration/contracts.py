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

from scrapers.documents import ListTable
from scrapers.filing_number import check_digit, digits_of

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
    """The contract of one list; `known_numbers` are those that earlier batches hold already."""
    text = {"dtype": pl.String, "nullable": False}
    required = pa.Check(_where(lambda column: column.str.strip_chars() != ""), name="required")
    digits = pl.col("digits")
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
                    pa.Check(_rows(_check_digit_holds(digits)), name="check_digit"),
                    pa.Check(
                        _rows(digits.is_null() | (digits.str.slice(13, 2) == FILING_KIND)),
                        name="generative_kind",
                    ),
                    pa.Check(
                        _rows(digits.is_null() | digits.is_first_distinct()), name="unique_in_list"
                    ),
                    pa.Check(
                        _rows(digits.is_null() | ~digits.is_in(list(known_numbers))),
                        name="unique_across_batches",
                    ),
                ],
            ),
            "note": pa.Column(**text),
            "digits": pa.Column(pl.String, nullable=True),
        },
        strict=True,
    )


CHECKS = {
    "required": "Algorithm name, entity name and purpose are filled in.",
    "known_role": f"The role is one of {'、'.join(ROLES)}.",
    "position_in_sequence": "Printed positions run from 1 to n without a gap.",
    "number_grammar": "The filing number is 网信算备 + 21 digits + 号.",
    "check_digit": "The last digit of the number is its check digit.",
    "generative_kind": "The number's kind is 01, generative synthesis.",
    "unique_in_list": "No number stands twice in a list.",
    "unique_across_batches": "No number stands in an earlier batch already.",
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


def _frame(table: ListTable) -> pl.DataFrame:
    """The list as strings, plus `digits`: the number's 21 digits, null where there are none."""
    schema = {"row_no": pl.Int64} | {
        name: pl.String
        for name in (
            "position", "algorithm_name", "role", "entity_name", "products", "purpose",
            "filing_number", "note", "digits",
        )
    }  # fmt: skip
    rows = []
    for row in table.rows:
        cells = row._asdict()
        cells["role"] = _squeeze(row.role)
        cells["position"] = _squeeze(row.position)
        rows.append(cells | {"digits": digits_of(row.filing_number)})
    return pl.DataFrame(rows, schema=schema)


def _accepted(rows: pl.DataFrame, batch_no: int, list_version: str) -> pl.DataFrame:
    digits = pl.col("digits")
    return rows.select(
        batch_no=pl.lit(batch_no),
        list_version=pl.lit(list_version),
        row_no="row_no",
        list_position=pl.col("position").replace("", None),
        algorithm_name="algorithm_name",
        role=pl.col("role").replace_strict(ROLES, return_dtype=pl.String),
        entity_name="entity_name",
        products=pl.col("products").replace("", None),
        purpose="purpose",
        filing_number=digits,
        note=pl.col("note").replace("", None),
        region_code=digits.str.slice(0, 6),
        entity_id=digits.str.slice(6, 7),
        kind_code=digits.str.slice(13, 2),
        issued_year=2000 + digits.str.slice(15, 2).cast(pl.Int32),
        serial_no=digits.str.slice(17, 3),
    ).cast(ACCEPTED_COLUMNS)


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
    """A Pandera check of the row, by an expression over other columns."""
    return lambda data: data.lazyframe.select(test)


def _position(data: PolarsData) -> pl.LazyFrame:
    """A printed position is its row's number; most lists print none."""
    position = pl.col(data.key)
    expected = pl.col("row_no").cast(pl.String)
    return data.lazyframe.select((position == "") | (position == expected))


def _check_digit_holds(digits: pl.Expr) -> pl.Expr:
    return digits.map_elements(
        lambda number: int(number[20]) == check_digit(number[:20]),
        return_dtype=pl.Boolean,
        skip_nulls=True,
    ).fill_null(True)


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
