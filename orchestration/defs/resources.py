"""Resources: what assets and sensors need of the outside, made from the settings.

`Register` opens the stores and the session with the source. A run that asks for it holds the
data directory's lock from its first step to its last, and begins by mending the archive's sidecars.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from orchestration.ingest.results import LastRun, Outcomes
from orchestration.runtime.disk import require_writable
from orchestration.runtime.progress import telling_warnings
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import Settings
from orchestration.validation.gates import Reviews
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.notices import ValidatedNotices
from orchestration.warehouse.manifest import PROJECT_DIR
from scrapers.archive.store import Archive
from scrapers.http.session import ATTEMPTS, PoliteSession
from scrapers.registers.cancellations import notice_folder
from scrapers.registers.lists import batch_key

REVIEWED_BATCHES = PROJECT_DIR / "seeds" / "reviewed_batches.csv"
REVIEWED_NOTICES = PROJECT_DIR / "seeds" / "reviewed_notices.csv"
REVIEWED_DOCUMENTS = PROJECT_DIR / "seeds" / "reviewed_documents.csv"

# The packages whose modules warn of what was damaged and is restored.
_STORES = ("scrapers", "orchestration.validation")


class Register(dg.ConfigurableResource):
    """The stores of one data directory, and the way to the source."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Register"]:
        require_writable(self.data_dir)
        with (
            run_lock(self.data_dir),
            telling_warnings("stores", context.log, *_STORES),
        ):
            self.archive.mend_sidecars()
            yield self

    @property
    def settings(self) -> Settings:
        return Settings.from_environment()

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir

    @property
    def archive(self) -> Archive:
        return Archive(self.data_dir / "raw")

    @property
    def lists(self) -> ValidatedLists:
        return ValidatedLists(
            self.data_dir / "validated",
            self.archive,
            Reviews(reviewed_lists(REVIEWED_BATCHES), reviewed_documents(REVIEWED_DOCUMENTS)),
        )

    @property
    def notices(self) -> ValidatedNotices:
        return ValidatedNotices(
            self.data_dir / "validated",
            self.archive,
            Reviews(reviewed_notices(REVIEWED_NOTICES), reviewed_documents(REVIEWED_DOCUMENTS)),
        )

    @property
    def outcomes(self) -> Outcomes:
        return Outcomes(self.data_dir / "outcomes")

    def record_stage(self, run_id: str, stage: str, problem: str | None = None) -> None:
        """Note how far the run has come, for `filings status`."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.outcomes.record_run(LastRun(run_id, stage, at, problem))

    @property
    def published(self) -> Path:
        return self.data_dir / "published"

    @contextmanager
    def session(
        self, attempts: int = ATTEMPTS, deadline_seconds: float | None = None
    ) -> Iterator[PoliteSession]:
        session = self.settings.open_session(attempts, deadline_seconds)
        try:
            yield session
        finally:
            session.close()


def reviewed_lists(path: Path) -> dict[str, int]:
    """The rows of lists that a person has checked row by row, {folder: rows}, from the dbt seed."""
    return {
        batch_key(int(row["batch_no"])): int(row["filings"])
        for row in _rows(path)
        if row["basis"] == "row_by_row"
    }


def reviewed_notices(path: Path) -> dict[str, int]:
    """The records of notices that a person has checked, {folder: rows}, from the dbt seed."""
    return {notice_folder(row["notice_id"]): int(row["records"]) for row in _rows(path)}


def reviewed_documents(path: Path) -> frozenset[str]:
    """The sha256 of the documents that a person has found right, from the dbt seed."""
    return frozenset(row["document_sha256"].strip().lower() for row in _rows(path))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
