"""The contract of cancellation notices: the conditions for a record to cancel a filing.

The same notices cancel other kinds of algorithm too. Those records are accepted; the kind code in
their filing number distinguishes them.
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
    one_of,
    row_check,
    text_column,
    unique_in_document,
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

# 角色 as printed. Notices sometimes cut the last character of a role. For other kinds of algorithm
# they print the kind instead of a role.
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
    "known_role": "The role, or the kind of algorithm printed instead of it, is one of "
    f"{'、'.join(PRINTED_ROLES)}.",
    "month": "The time of cancellation is a month (2025年7月) or a day (2025年7月8日).",
    "month_in_time": "The month of cancellation is not later than the month of the notice and not "
    "earlier than the year in the filing number.",
    **NUMBERED_CHECKS,
    "known_kind": f"The kind code in the filing number is one of {'、'.join(KINDS)}.",
    "unique_in_notice": "No filing number appears twice in the same notice.",
}

_MONTH = re.compile(r"\d{4}年\d{1,2}月(\d{1,2}日)?")


def notice_schema(facts: Facts) -> pa.DataFrameSchema:
    """The Pandera schema of one notice.

    Numbers need not be unique across notices, since some notices are published twice.
    """
    columns = numbered_columns(
        [
            row_check(pl.col("kind_code").is_in(list(KINDS)), "known_kind"),
            unique_in_document("unique_in_notice"),
        ]
    )
    columns["role"] = text_column(one_of(PRINTED_ROLES, "known_role"))
    columns["purpose"] = text_column()
    columns["cancelled_month"] = text_column(
        row_check(pl.col("month").is_not_null(), "month"),
        row_check(_is_in_time(facts.published_on), "month_in_time"),
    )
    columns["month"] = pa.Column(pl.String, nullable=True)
    return pa.DataFrameSchema(columns, strict=True)


def notice_frame(table: DocumentTable) -> pl.DataFrame:
    """The records of a notice as the frame that the schema checks."""
    months = [_month(row["cancelled_month"]) for row in table.rows]
    return numbered_frame(table, normalized=("position", "role", "cancelled_month")).with_columns(
        month=pl.Series(months, dtype=pl.String)
    )


def record_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Add to accepted records the columns in ROW_COLUMNS."""
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
    """The number of cancelled filings that the title of a notice states, or None."""
    return titled_count(facts.title or "")


def records_of_another_notice(
    others: OtherDocuments, version: Version, table: DocumentTable
) -> str | None:
    """Return why the records may be those of another notice, or None.

    Either the title names an algorithm that is not among the records, or an earlier notice with
    another title had the same records.
    """
    texts = {matching_key(cell).casefold() for row in table.rows for cell in _name_cells(row)}
    for name in quoted_names(version.facts.title or ""):
        if not any(name.casefold() in text for text in texts):
            return f"the title names {name!r}, which is in none of the notice's records"
    for folder in others.with_content(version.content_sha256):
        if folder != version.folder and _has_same_records(others, folder, version):
            return f"its records are those of another notice, {folder.rpartition('/')[2]}"
    return None


def _has_same_records(others: OtherDocuments, folder: str, later: Version) -> bool:
    """Whether the notice in `folder` had the records of a later notice, under another title."""
    result = others.in_use_at(folder, later.seen_at)
    return any(
        result is not None
        and version.version == result.version
        and version.content_sha256 == later.content_sha256
        and title_key(version.facts.title or "") != title_key(later.facts.title or "")
        for version in others.versions(folder) or []
    )


def _name_cells(row: Row) -> tuple[str, str, str]:
    """The cells with a name that the title of a notice may quote."""
    return row["algorithm_name"], row["entity_name"], row["products"]


def _is_in_time(published_on: date | None) -> pl.Expr:
    if published_on is None:
        raise ArchiveError("the sidecar of the notice has no publication date")
    year = pl.col("month").str.head(4).cast(pl.Int64)
    return (pl.col("month") <= f"{published_on:%Y-%m}") & (
        pl.col("issued_year").is_null() | (year >= pl.col("issued_year"))
    )


def _month(text: str) -> str | None:
    """The month of 2025年7月 or 2025年7月8日 as 2025-07. None for any other text."""
    compact = "".join(text.split())
    return list_month(compact) if _MONTH.fullmatch(compact) else None


CONTRACT = Contract(
    version="5",
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
    misplaced=records_of_another_notice,
    # Most notices have about five records. A single bad one must not hold back the others.
    tolerated_rows=1,
    review=ReviewSeed("reviewed_notices.csv", "notice_id", "records"),
)
