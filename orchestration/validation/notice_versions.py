"""The table of all versions of all cancellation notices, `cancellation_notices.parquet`: its
columns.

It joins what the archive knows of a version with the verdict on it, as `list_versions` does.
"""

from datetime import date

import polars as pl

from orchestration.validation.results import Verdict
from scrapers.archive.sidecar import Version
from scrapers.registers.discovery.notice_list import titled_count

NOTICE_VERSION_COLUMNS = {
    "notice_id": pl.String,
    "notice_version": pl.String,
    "version_no": pl.Int32,
    "status": pl.String,
    "reason": pl.String,
    "is_current": pl.Boolean,
    "title": pl.String,
    "published_on": pl.Date,
    "titled_count": pl.Int32,
    "file_url": pl.String,
    "document_sha256": pl.String,
    "bytes": pl.Int64,
    "retrieved_at": pl.Datetime("us"),
    "records_listed": pl.Int32,
    "records_accepted": pl.Int32,
    "records_quarantined": pl.Int32,
}


def notice_version_row(
    number: int, version: Version, verdict: Verdict, *, is_current: bool
) -> dict[str, object]:
    """One row; `number` counts the versions of a notice from 1, oldest first."""
    return {
        "notice_id": version.facts["notice_id"],
        "notice_version": version.version,
        "version_no": number,
        "status": verdict.status,
        "reason": verdict.reason,
        "is_current": is_current,
        "title": version.facts["title"],
        "published_on": date.fromisoformat(version.facts["published_on"]),
        "titled_count": titled_count(version.facts["title"]),
        "file_url": version.url,
        "document_sha256": version.sha256,
        "bytes": version.size,
        "retrieved_at": version.seen_at.replace(tzinfo=None),
        "records_listed": verdict.rows_listed,
        "records_accepted": verdict.rows_accepted,
        "records_quarantined": verdict.rows_quarantined,
    }
