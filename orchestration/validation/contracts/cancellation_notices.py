"""The contract of a cancellation notice (Pandera): what a record must be to cancel a filing.

Other kinds of algorithm are cancelled by the same notices; their records are good records, told
apart by the kind in their number.
"""

import re
from datetime import date

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.vocabulary import (
    CASE_COLUMNS,
    SHARED_CHECKS,
    Contracted,
    as_columns,
    check_rows,
    frame_of,
    row_check,
    shared_columns,
    text_column,
    unique_here,
    vocabulary,
)
from scrapers.documents import CancellationTable
from scrapers.documents.table import ROLES
from scrapers.fields.filing_number import KINDS
from scrapers.fields.text_keys import matching_key
from scrapers.registers.discovery.wording import list_month

# Raise it when a check changes, or the reading of notices does: all versions are judged anew.
CANCELLATION_CONTRACT_VERSION = "4"
# 角色 as printed. Notices cut a word at a line's end; of other kinds of algorithm they print the
# kind in its place.
PRINTED_ROLES = ROLES | {
    "服务提供": "provider",
    "服务技术支持": "technical_supporter",
    "个性化推送类": None,
    "排序精选类": None,
    "检索过滤类": None,
    "调度决策类": None,
}

CANCELLATION_COLUMNS = {
    "notice_id": pl.String,
    "notice_version": pl.String,
    "record_no": pl.Int32,
    "algorithm_name": pl.String,
    "printed_role": pl.String,
    "role": pl.String,
    "entity_name": pl.String,
    "entity_key": pl.String,
    "products": pl.String,
    "purpose": pl.String,
    "cancelled_month": pl.String,
    "filing_number": pl.String,
    "region_code": pl.String,
    "entity_id": pl.String,
    "kind_code": pl.String,
    "issued_year": pl.Int32,
    "serial_no": pl.Int32,
}
CANCELLATION_QUARANTINE_COLUMNS = {
    "notice_id": pl.String,
    "notice_version": pl.String,
    "document_sha256": pl.String,
    "record_no": pl.Int32,
    **CASE_COLUMNS,
}
CANCELLATION_CHECKS = {
    "required": "Algorithm name and entity name are filled in.",
    "known_role": f"The role, or the kind in its place, is one of {'、'.join(PRINTED_ROLES)}.",
    "month": "The time of cancellation is a month, as 2025年7月, or a day in it.",
    "month_in_time": "The month is not after that of the notice, nor before the number's year.",
    **SHARED_CHECKS,
    "known_kind": f"The number's kind is one of {'、'.join(KINDS)}.",
    "unique_in_notice": "No number stands twice in a notice.",
}


def cancellation_schema(published_on: date) -> pa.DataFrameSchema:
    """The contract of one notice, published on this day.

    Another notice may name the same number: some are repeated.
    """
    columns = shared_columns(
        [
            row_check(pl.col("kind_code").is_in(list(KINDS)), "known_kind"),
            unique_here("unique_in_notice"),
        ]
    )
    columns["role"] = text_column(vocabulary(PRINTED_ROLES, "known_role"))
    columns["purpose"] = text_column()
    columns["cancelled_month"] = text_column(
        row_check(pl.col("month").is_not_null(), "month"),
        row_check(_is_in_time(published_on), "month_in_time"),
    )
    columns["month"] = pa.Column(pl.String, nullable=True)
    return pa.DataFrameSchema(columns, strict=True)


def apply_cancellation_contract(
    table: CancellationTable,
    *,
    published_on: date,
    notice_id: str,
    notice_version: str,
    document_sha256: str,
) -> Contracted:
    """Split a notice into the records that meet the contract and the reasons why others do not."""
    frame = frame_of(table, squeezed=("position", "role", "cancelled_month")).with_columns(
        month=pl.Series([_month(row.cancelled_month) for row in table.rows], dtype=pl.String)
    )
    checked = check_rows(frame, cancellation_schema(published_on))
    place = {"notice_id": pl.lit(notice_id), "notice_version": pl.lit(notice_version)}
    keys = [matching_key(name) for name in checked.good_rows["entity_name"]]
    accepted = checked.good_rows.with_columns(
        **place,
        record_no="row_no",
        printed_role="role",
        role=pl.col("role").replace_strict(PRINTED_ROLES, return_dtype=pl.String),
        entity_key=pl.Series(keys, dtype=pl.String),
        products=pl.col("products").replace("", None),
        purpose=pl.col("purpose").replace("", None),
        cancelled_month="month",
        filing_number="digits",
    )
    quarantine = checked.failures.with_columns(
        **place, document_sha256=pl.lit(document_sha256), record_no="row_no"
    )
    return Contracted(
        as_columns(accepted, CANCELLATION_COLUMNS),
        as_columns(quarantine, CANCELLATION_QUARANTINE_COLUMNS),
        checked.failed_rows,
    )


def _is_in_time(published_on: date) -> pl.Expr:
    year = pl.col("month").str.head(4).cast(pl.Int64)
    return (pl.col("month") <= f"{published_on:%Y-%m}") & (
        pl.col("issued_year").is_null() | (year >= pl.col("issued_year"))
    )


def _month(text: str) -> str | None:
    """2025年7月, or a day in it, as 2025-07; None for anything else."""
    squeezed = "".join(text.split())
    return list_month(squeezed) if _MONTH.fullmatch(squeezed) else None


_MONTH = re.compile(r"\d{4}年\d{1,2}月(\d{1,2}日)?")
