"""The data directory and the locations of its stores."""

from dataclasses import dataclass
from pathlib import Path

from scrapers.archive.store import Archive


@dataclass(frozen=True)
class DataDir:
    """The locations of the stores below `root` (FILINGS_DATA_DIR)."""

    root: Path

    @property
    def raw(self) -> Path:
        """The raw archive: the only store that cannot be rebuilt."""
        return self.root / "raw"

    @property
    def archive(self) -> Archive:
        return Archive(self.raw)

    @property
    def validated(self) -> Path:
        return self.root / "validated"

    @property
    def ingest_results(self) -> Path:
        """The ingest results, at the location of an earlier version until `upgrade` moves them."""
        now, before = self.root / "ingest_results", self.root / "outcomes"
        return before if before.is_dir() and not now.exists() else now

    @property
    def warehouse(self) -> Path:
        """Dbt's database, private to the pipeline."""
        return self.root / "warehouse.duckdb"

    @property
    def dbt(self) -> Path:
        """The files that dbt writes besides the warehouse."""
        return self.root / "dbt"

    @property
    def classes(self) -> Path:
        """The cache of classes, which may be deleted between builds."""
        return self.root / "classes"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    def upgrade(self) -> None:
        """Move the files that an earlier version of this program kept at other locations.

        The caller must hold the run lock.
        """
        now = self.root / "ingest_results"
        if self.ingest_results != now:
            self.ingest_results.rename(now)
            # It was not split by register. The next discovery writes one file per register.
            (now / "alarms.json").unlink(missing_ok=True)
