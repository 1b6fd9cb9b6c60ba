"""The table of all versions of all lists, `data/validated/list_versions.parquet`: its columns.

It joins what the archive knows of a version (where and when it was fetched) with the verdict on
it; dbt reads from it which version of each list is current.
"""

from datetime import date

import polars as pl

from orchestration.validation.results import Verdict
from scrapers.archive.sidecar import Version

LIST_VERSION_COLUMNS = {
    "batch_no": pl.Int32,
    "list_version": pl.String,
    "version_no": pl.Int32,
    "status": pl.String,
    "reason": pl.String,
    "is_current": pl.Boolean,
    "list_month": pl.String,
    "announced_on": pl.Date,
    "page_title": pl.String,
    "page_url": pl.String,
    "source_url": pl.String,
    "document_sha256": pl.String,
    "document_kind": pl.String,
    "table_sha256": pl.String,
    "bytes": pl.Int64,
    "retrieved_at": pl.Datetime("us"),
    "rows_listed": pl.Int32,
    "rows_accepted": pl.Int32,
    "rows_quarantined": pl.Int32,
}


def list_version_row(
    number: int, version: Version, verdict: Verdict, *, is_current: bool
) -> dict[str, object]:
    """One row; `number` counts the versions of a batch from 1, oldest first."""
    return {
        "batch_no": int(verdict.folder),
        "list_version": version.version,
        "version_no": number,
        "status": verdict.status,
        "reason": verdict.reason,
        "is_current": is_current,
        "list_month": version.facts["list_month"],
        "announced_on": date.fromisoformat(version.facts["announced_on"]),
        "page_title": version.facts["page_title"],
        "page_url": version.facts["page_url"],
        "source_url": version.url,
        "document_sha256": version.sha256,
        "document_kind": version.facts["kind"],
        "table_sha256": version.content_sha256,
        "bytes": version.size,
        "retrieved_at": version.seen_at.replace(tzinfo=None),
        "rows_listed": verdict.rows_listed,
        "rows_accepted": verdict.rows_accepted,
        "rows_quarantined": verdict.rows_quarantined,
    }
