"""The contract of the lists of generative services: the conditions for a row to be a service.

The table of a row gives its type; the number confirms it. In a row whose service and company were
printed in each other's column, the names change places. Both stay as printed in separate columns.
"""

import re
from datetime import date

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import (
    Columns,
    Contract,
    Place,
    ReviewSeed,
    Tables,
)
from orchestration.validation.contracts.elsewhere import rows_of_another_document
from orchestration.validation.contracts.filing_lists import ATTACHED_LIST
from orchestration.validation.contracts.frames import text_frame
from orchestration.validation.contracts.places import STATE_ENTERPRISES, province_codes
from orchestration.validation.contracts.vocabulary import (
    CELL_CHECKS,
    first_in_document,
    one_of,
    position_column,
    required,
    row_check,
    text_column,
)
from orchestration.validation.gates import MAX_LOST_SHARE
from scrapers.archive.facts import Facts
from scrapers.documents.table import DocumentTable
from scrapers.fields.service_number import compact_number, read_service_number
from scrapers.fields.text_keys import matching_key

# Before the first services were filed, on 2023-08-31.
FIRST_DAY = date(2023, 8, 1)

ROW_COLUMNS: Columns = {
    "list_position": pl.Int32,
    "service_type": pl.String,
    "region_name": pl.String,
    "province_code": pl.String,
    "service_name": pl.String,
    "entity_name": pl.String,
    "entity_key": pl.String,
    "service_number": pl.String,
    "number_region": pl.String,
    "accepted_on": pl.Date,
    "passed_on": pl.Date,
    "is_late_entry": pl.Boolean,
    "devices": pl.String,
    "printed_service_name": pl.String,
    "printed_entity_name": pl.String,
    "is_swapped": pl.Boolean,
}
CHECKS = {
    "required": "Name of the service and company are filled in.",
    "known_region": f"The region (属地) is a province or {STATE_ENTERPRISES}.",
    "date": "The date is a day (2025/6/30), which （补登） may follow.",
    "date_in_time": f"The date is not before {FIRST_DAY} and at most one month after the month of "
    "the list.",
    **CELL_CHECKS,
    "number_grammar": "The number has the form Region-Name-YYYYMMDD, with four to six digits after "
    "the date since 2025, and with an S before them if the service is registered.",
    "type_of_number": "The number has an S if and only if the row is in the table of registered "
    "services.",
    "unique_in_list": "No number appears twice in the same list.",
}
_DATE = re.compile(
    r"(20[0-9]{2})[/.年-]([0-9]{1,2})[/.月-]([0-9]{1,2})日?(?P<late>[(\[【]?补登[)\]】]?)?"
)
_PARTS = {
    "number": pl.String,
    "number_region": pl.String,
    "accepted_on": pl.Date,
    "is_registered": pl.Boolean,
    "has_grammar": pl.Boolean,
    "passed": pl.Date,
    "is_late_entry": pl.Boolean,
}
# Words in which the names of companies and institutions end, and almost no name of a service.
_ORGANISATION = (
    "(公司|集团|大学|学院|研究院|研究所|实验室|医院|银行|委员会|中心|协会|学会|基金会|出版社|报社|"
    r"电视台|事务所|合作社|人民政府|办公室|办公厅|分行)(\(.*\))?$"
)


def list_schema(facts: Facts) -> pa.DataFrameSchema:
    """The Pandera schema of one list."""
    known_regions = [*province_codes(), STATE_ENTERPRISES]
    columns = {
        "row_no": pa.Column(pl.Int64, unique=True),
        "table": pa.Column(pl.String),
        "position": position_column(),
        "region_name": text_column(one_of(known_regions, "known_region")),
        "service_name": text_column(required()),
        "entity_name": text_column(required()),
        "service_number": text_column(
            row_check(pl.col("has_grammar"), "number_grammar"),
            row_check(_has_type_of_table(), "type_of_number"),
            row_check(first_in_document("number"), "unique_in_list"),
        ),
        "passed_on": text_column(
            row_check(pl.col("passed").is_not_null(), "date"),
            row_check(_is_in_time(facts.month), "date_in_time"),
        ),
        "devices": text_column(),
        **{name: pa.Column(dtype, nullable=True) for name, dtype in _PARTS.items()},
    }
    return pa.DataFrameSchema(columns, strict=True)


def list_frame(table: DocumentTable) -> pl.DataFrame:
    """The rows of a list as the frame that the schema checks."""
    parts = []
    for row in table.rows:
        number = read_service_number(row["service_number"])
        passed, is_late_entry = _day(row["passed_on"])
        parts.append(
            {
                "number": compact_number(row["service_number"]),
                "number_region": number.region if number else None,
                "accepted_on": number.accepted_on if number else None,
                "is_registered": number.is_registered if number else None,
                "has_grammar": number is not None,
                "passed": passed,
                "is_late_entry": is_late_entry,
            }
        )
    frame = text_frame(table, ("position", "region_name"), of_some=("devices",))
    return frame.hstack(pl.DataFrame(parts, schema=_PARTS))


def service_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the columns in ROW_COLUMNS to accepted rows."""
    is_swapped = _is_organisation("service_name") & ~_is_organisation("entity_name")
    swapped = rows.with_columns(
        is_swapped=is_swapped,
        printed_service_name="service_name",
        printed_entity_name="entity_name",
        service_name=pl.when(is_swapped).then("entity_name").otherwise("service_name"),
        entity_name=pl.when(is_swapped).then("service_name").otherwise("entity_name"),
    )
    keys = [matching_key(name) for name in swapped["entity_name"]]
    return swapped.with_columns(
        list_position=pl.col("position").replace("", None),
        service_type="table",
        province_code=pl.col("region_name").replace_strict(
            dict(province_codes()), default=None, return_dtype=pl.String
        ),
        entity_key=pl.Series(keys, dtype=pl.String),
        service_number="number",
        passed_on="passed",
        devices=pl.col("devices").replace("", None),
    )


def numbered_rows(table: DocumentTable) -> int:
    """The number of rows that the printed positions count.

    Positions run on from list to list, separately for each table: count from the lowest one.
    """
    spans: dict[str, list[int]] = {}
    for row in table.rows:
        if row.position:
            spans.setdefault(row.table, []).append(row.position)
    return sum(max(found) - min(found) + 1 for found in spans.values())


def _has_type_of_table() -> pl.Expr:
    return pl.col("is_registered") == (pl.col("table") == "registered")


def _is_in_time(month: str | None) -> pl.Expr:
    is_late_enough = pl.col("passed") >= FIRST_DAY
    if month is None:
        return is_late_enough
    year, number = map(int, month.split("-"))
    # The first day of the second month after that of the list.
    end = date(year + (number + 1) // 12, (number + 1) % 12 + 1, 1)
    return is_late_enough & (pl.col("passed") < end)


def _is_organisation(column: str) -> pl.Expr:
    names = pl.col(column).str.normalize("NFKC").str.replace_all(r"\s", "")
    return names.str.contains(_ORGANISATION)


def _day(text: str) -> tuple[date | None, bool]:
    """The day of 2025/6/30（补登）, and whether it was entered late. None for any other text."""
    match = _DATE.fullmatch(matching_key(text))
    if match is None:
        return None, False
    year, month, day = map(int, match.groups()[:3])
    try:
        return date(year, month, day), match["late"] is not None
    except ValueError:
        return None, False


CONTRACT = Contract(
    version="3",
    module="orchestration/validation/contracts/generative_services.py",
    checks=CHECKS,
    schema=list_schema,
    frame=list_frame,
    derive=service_columns,
    row_columns=ROW_COLUMNS,
    identity=("service_number", "number", "table", "position", "service_name", "entity_name"),
    reviewed_key="number",
    unchanged=("list_position", "entity_key"),
    place=Place("document_key", "list_version"),
    tables=Tables("generative_lists", "generative_services", "generative_quarantine"),
    document_columns=ATTACHED_LIST,
    month_column="list_month",
    numbered_rows=numbered_rows,
    # The source has skipped a number: 263 of the registered services.
    tolerated_gaps=MAX_LOST_SHARE,
    misplaced=rows_of_another_document("service_number", compact_number),
    # Some lists have ten rows. A single bad one must not hold back the others.
    tolerated_rows=1,
    review=ReviewSeed(
        "reviewed_lists.csv", "list_month", "rows", {"register": "generative_services"}
    ),
)
