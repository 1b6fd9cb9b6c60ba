"""The contract of a cancellation notice (Pandera): what a record must be to cancel a filing.

Other kinds of algorithm are cancelled by the same notices; their records are good records, told
apart by the kind in their number.
"""

import re
from datetime import date

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.base import (
    Contract,
    OtherDocuments,
    Place,
    ReviewSeed,
    Tables,
)
from orchestration.validation.contracts.frames import numbered_frame
from orchestration.validation.contracts.vocabulary import (
    NUMBERED_CHECKS,
    numbered_columns,
    row_check,
    text_column,
    unique_here,
    vocabulary,
)
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import ArchiveError
from scrapers.fields.filing_number import KINDS
from scrapers.fields.text_keys import matching_key
from scrapers.registers.columns import ROLES
from scrapers.registers.discovery.cancellations import titled_count
from scrapers.registers.discovery.notice_titles import quoted_names
from scrapers.registers.discovery.wording import list_month, title_key

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

ROW_COLUMNS = {
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
CHECKS = {
    "required": "Algorithm name and entity name are filled in.",
    "known_role": f"The role, or the kind in its place, is one of {'、'.join(PRINTED_ROLES)}.",
    "month": "The time of cancellation is a month, as 2025年7月, or a day in it.",
    "month_in_time": "The month is not after that of the notice, nor before the number's year.",
    **NUMBERED_CHECKS,
    "known_kind": f"The number's kind is one of {'、'.join(KINDS)}.",
    "unique_in_notice": "No number appears twice in a notice.",
}


_MONTH = re.compile(r"\d{4}年\d{1,2}月(\d{1,2}日)?")


def notice_schema(facts: Facts) -> pa.DataFrameSchema:
    """The schema of one notice. Another notice may name the same number: some are repeated."""
    columns = numbered_columns(
        [
            row_check(pl.col("kind_code").is_in(list(KINDS)), "known_kind"),
            unique_here("unique_in_notice"),
        ]
    )
    columns["role"] = text_column(vocabulary(PRINTED_ROLES, "known_role"))
    columns["purpose"] = text_column()
    columns["cancelled_month"] = text_column(
        row_check(pl.col("month").is_not_null(), "month"),
        row_check(_is_in_time(facts.published_on), "month_in_time"),
    )
    columns["month"] = pa.Column(pl.String, nullable=True)
    return pa.DataFrameSchema(columns, strict=True)


def notice_frame(table: DocumentTable) -> pl.DataFrame:
    months = [_month(row["cancelled_month"]) for row in table.rows]
    return numbered_frame(table, squeezed=("position", "role", "cancelled_month")).with_columns(
        month=pl.Series(months, dtype=pl.String)
    )


def record_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """The accepted records with ROW_COLUMNS."""
    keys = [matching_key(name) for name in rows["entity_name"]]
    return rows.with_columns(
        printed_role="role",
        role=pl.col("role").replace_strict(PRINTED_ROLES, return_dtype=pl.String),
        entity_key=pl.Series(keys, dtype=pl.String),
        products=pl.col("products").replace("", None),
        purpose=pl.col("purpose").replace("", None),
        cancelled_month="month",
        filing_number="digits",
    )


def stated_records(facts: Facts) -> int | None:
    """How many numbers the title of a notice says are cancelled."""
    return titled_count(facts.title or "")


def notice_of_other_records(
    others: OtherDocuments, version: Version, table: DocumentTable
) -> str | None:
    """Why it may be the file of another notice: its title names other algorithms, or a notice of
    another title had the same records before.
    """
    texts = {matching_key(cell).casefold() for row in table.rows for cell in _naming(row)}
    for name in quoted_names(version.facts.title or ""):
        if not any(name.casefold() in text for text in texts):
            return f"the title names {name!r}, which is in none of the notice's records"
    for folder in others.folders():
        if folder != version.folder and _had(others, folder, version):
            return f"its records are those of {folder.rpartition('/')[2]}, another notice"
    return None


def _had(others: OtherDocuments, folder: str, later: Version) -> bool:
    """Whether a notice had the records of a later one, under another title."""
    result = others.in_use_at(folder, later.seen_at)
    return any(
        result is not None
        and version.version == result.version
        and version.content_sha256 == later.content_sha256
        and title_key(version.facts.title or "") != title_key(later.facts.title or "")
        for version in others.versions(folder) or []
    )


def _naming(row: Row) -> tuple[str, str, str]:
    """The cells by which a notice's title may name a record."""
    return row["algorithm_name"], row["entity_name"], row["products"]


def _is_in_time(published_on: date | None) -> pl.Expr:
    if published_on is None:
        raise ArchiveError("the sidecar states no date of publication of the notice")
    year = pl.col("month").str.head(4).cast(pl.Int64)
    return (pl.col("month") <= f"{published_on:%Y-%m}") & (
        pl.col("issued_year").is_null() | (year >= pl.col("issued_year"))
    )


def _month(text: str) -> str | None:
    """2025年7月, or a day in it, as 2025-07; None for anything else."""
    squeezed = "".join(text.split())
    return list_month(squeezed) if _MONTH.fullmatch(squeezed) else None


CONTRACT = Contract(
    version="4",
    module="orchestration/validation/contracts/cancellation_notices.py",
    checks=CHECKS,
    schema=notice_schema,
    frame=notice_frame,
    derive=record_columns,
    row_columns=ROW_COLUMNS,
    identity=("filing_number", "digits", "algorithm_name", "entity_name"),
    unchanged=("entity_key",),
    place=Place("notice_id", "notice_version", "record_no", counts="records"),
    tables=Tables("cancellation_notices", "cancellations", "cancellation_quarantine"),
    document_columns={
        "title": (pl.String, lambda version: version.facts.title),
        "published_on": (pl.Date, lambda version: version.facts.published_on),
        "titled_count": (pl.Int32, lambda version: stated_records(version.facts)),
        "file_url": (pl.String, lambda version: version.url),
    },
    stated_rows=stated_records,
    misplaced=notice_of_other_records,
    # Most notices have five records or so: one that breaks the contract must not hold up four.
    spared_rows=1,
    review=ReviewSeed("reviewed_notices.csv", "notice_id", "records"),
)
