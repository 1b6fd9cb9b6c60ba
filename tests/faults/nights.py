"""Nights without models and release: everything up to the validated store, in this process.

    nights = Nights(tmp_path, sites)
    seen = nights.pass_over(healthy)

Each night is a day after the one before. The stores are those of a run, with the shipped reviews.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.resources import Register as Stores
from orchestration.ingest.pipeline import discover, ingest_lists, ingest_notices
from orchestration.validation.documents import ValidatedDocuments
from scrapers.errors import FilingsError
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from tests.faults.clock import clock_set
from tests.faults.source import Act, tell
from tests.support.loopback import LoopbackSites

Accepted = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Seen:
    """What came of a night: what failed by folder (`""` for the notice list), every text that it
    left for an operator, and the rows in use by folder."""

    failed: Mapping[str, str]
    told: str
    accepted: Accepted


class Nights:
    """One data directory below `root`, and nights over it."""

    def __init__(self, root: Path, sites: LoopbackSites) -> None:
        self.data_dir, self.sites = root / "data", sites
        self.passed = 0

    def copied_to(self, root: Path) -> "Nights":
        """The same after the same nights, below another folder."""
        copied = Nights(root, self.sites)
        shutil.copytree(self.data_dir, copied.data_dir)
        copied.passed = self.passed
        return copied

    def pass_over(self, act: Act, forward: timedelta | None = None) -> Seen:
        """One night with the source as the act has it; `forward` sets the clock otherwise."""
        tell(self.sites, act)
        at = timedelta(days=self.passed) if forward is None else forward
        self.passed += 1
        with self.stores() as stores, clock_set(at):
            failed = _ingest(self._session(), stores, run_id=f"night {self.passed}")
            told = [*failed.values(), *_texts_below(self.data_dir / "outcomes")]
            return Seen(failed, "\n".join(told), _accepted(stores))

    def accepted(self) -> Accepted:
        with self.stores() as stores:
            return _accepted(stores)

    @contextmanager
    def stores(self) -> Iterator[Stores]:
        """The stores of the data directory, as a run opens them."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FILINGS_DATA_DIR", str(self.data_dir))
            yield Stores()

    def _session(self) -> PoliteSession:
        source = Source(self.sites.cac_url, self.sites.beian_url)
        return PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)


def _ingest(session: PoliteSession, stores: Stores, run_id: str) -> dict[str, str]:
    """Problems by folder; anything but a FilingsError passes through."""
    archive, outcomes = stores.archive, stores.outcomes
    try:
        found = discover(session, archive, outcomes)
        attempts = [
            *ingest_notices(session, archive, stores.notices, outcomes, (), run_id),
            *ingest_lists(session, archive, stores.lists, outcomes, found.announcements, run_id),
        ]
    except FilingsError as error:
        return {"": str(error)}
    finally:
        session.close()
    stores.notices.write_tables()
    stores.lists.write_tables()
    return {a.outcome.folder: a.outcome.problem for a in attempts if a.outcome.problem}


def _accepted(stores: Stores) -> Accepted:
    return {**_rows_in_use(stores.lists), **_rows_in_use(stores.notices)}


def _rows_in_use(store: ValidatedDocuments) -> dict[str, list[tuple[Any, ...]]]:
    """The rows in use by folder, without the name of the version, which is made of the time."""
    current = {folder: store.current(folder) for folder in store.folders()}
    return {
        folder: store.rows(verdict).drop("list_version", "notice_version", strict=False).rows()
        for folder, verdict in current.items()
        if verdict is not None
    }


def _texts_below(folder: Path) -> list[str]:
    """Every text in the JSON files below a folder."""
    found: list[str] = []
    waiting: list[Any] = [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]
    while waiting:
        item = waiting.pop()
        match item:
            case str():
                found.append(item)
            case dict():
                waiting += item.values()
            case list():
                waiting += item
    return found
