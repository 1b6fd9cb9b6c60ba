"""Validation results: what became of a version of a document."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["accepted", "held_back", "unreadable"]


@dataclass(frozen=True)
class ValidationResult:
    """What became of one version of a document; counts are rows.

    `folder` is the archive's. `added`, `amended` and `gone` compare the accepted rows, by their
    key, with those of the accepted version before. `reviewed_rows` is the reviewed count that was
    taken into account. The last two are the hashes of the files of its rows and its quarantine,
    None where it has none.
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
    """A document after validation: the results of its latest and of its current version.

    `current` is the latest accepted version, which is what dbt sees; None if there is none.
    `is_new` says whether the latest version has only just been validated.
    """

    latest: ValidationResult
    current: ValidationResult | None
    is_new: bool
