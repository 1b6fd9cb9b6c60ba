"""Refreshes in live mode over two pages of attached lists and the replica's deep synthesis."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.commands import CommandResult, live, run_command
from tests.end_to_end.releases import latest
from tests.support.attached_pages import AttachedPage
from tests.support.loopback import LoopbackSites

WAITS = (
    "orchestration.defs.assets.step_retries.HTTP_RETRY_SECONDS",
    "scrapers.http.retries.REFUSAL_WAIT_SECONDS",
)


@dataclass(frozen=True)
class Refreshed:
    """A finished refresh, and the release that was the latest after it."""

    result: CommandResult
    release: Path

    def rows(self, sql: str) -> list[tuple]:
        """The rows of a read-only query on the release."""
        database = str(self.release / "filings.duckdb")
        with duckdb.connect(database, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def lines(self, label: str) -> dict[str, str]:
        """What was printed about each document with this label, by its key."""
        return dict(re.findall(rf"^ *{label} (\S+)  (.+?) *$", self.result.out, re.MULTILINE))

    def news(self, label: str) -> dict[str, str]:
        """The lines of documents that are not unchanged."""
        lines = self.lines(label).items()
        return {key: line for key, line in lines if not line.endswith("unchanged")}

    def messages(self, *words: str) -> list[str]:
        """The errors and warnings that contain all these words."""
        lines = self.result.err.splitlines()
        return [line for line in lines if all(word in line for word in words)]


@dataclass
class Live:
    """The source with its two pages, and the data directory that all refreshes share."""

    sites: LoopbackSites
    data_dir: Path
    recommendation: AttachedPage
    services: AttachedPage

    def serve(self) -> None:
        """Answer with the pages as they are now, without faults."""
        self.sites.heal()
        self.recommendation.serve(self.sites)
        self.services.serve(self.sites)

    def refresh(self) -> Refreshed:
        """Refresh without waiting between attempts."""
        with pytest.MonkeyPatch.context() as patch:
            for name in WAITS:
                patch.setattr(name, 0)
            patch.setattr("scrapers.http.retries._backoff", lambda state: 0.0)
            result = run_command(self.data_dir, "refresh", **live(self.sites))
        return Refreshed(result, latest(self.data_dir))
