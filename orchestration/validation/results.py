"""Verdicts: what became of a version of a document, and so of its list or notice."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["accepted", "held_back", "unreadable"]


@dataclass(frozen=True)
class Verdict:
    """What became of one version of a document; counts are rows.

    `folder` is the archive's: a batch's key or a notice's folder. `added`, `amended` and `gone`
    compare the accepted rows, by filing number, with those of the accepted version before.
    `reviewed_rows` is the count that the verdict took into account. The last two are the hashes of
    the files of its rows and its quarantine, None where it has none.
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
    """A list or notice after validation: the verdict on its latest version, and on the current one.

    `current` is the latest accepted version, which is what dbt sees; None if there is none.
    `judged_now` tells whether the latest version has only just been judged.
    """

    latest: Verdict
    current: Verdict | None
    judged_now: bool
