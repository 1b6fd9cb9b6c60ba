"""Validation results: whether a version of a document is in use, and its row counts."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["accepted", "held_back", "unreadable"]


@dataclass(frozen=True)
class ValidationResult:
    """The validation result of one version of a document. Counts are numbers of rows.

    `folder` is the document's folder in the archive. `added`, `amended` and `gone` compare the
    accepted rows, by key, with the version in use before. `reviewed_rows` is the reviewed row count
    that was known when the version was validated. `rows_sha256` and `quarantine_sha256` are the
    hashes of the files of accepted and quarantined rows, or None if there is no file.
    """

    folder: str
    version: str
    document_sha256: str
    contract_version: str
    status: Status
    reason: str | None = None
    remedy: str | None = None
    reviewed_rows: int | None = None
    rows_listed: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    added: int = 0
    amended: int = 0
    gone: int = 0
    rows_sha256: str | None = None
    quarantine_sha256: str | None = None


@dataclass(frozen=True)
class DocumentState:
    """A document after validation: the results of its latest version and of the version in use.

    `current` is the latest accepted version, which dbt reads, or None if there is none. `is_new` is
    true if the latest version was validated just now.
    """

    latest: ValidationResult
    current: ValidationResult | None
    is_new: bool
