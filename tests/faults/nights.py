"""Nightly runs without models and release: discovery to validated store, in this process.

    nights = Nights(tmp_path, sites)
    seen = nights.pass_over(healthy)

Each night is one day after the previous one. Stores and reviews are those of a real run.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from orchestration.defs.resources import Workspace
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import FINISHED
from orchestration.settings import Settings
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers import DEEP_SYNTHESIS, REGISTERS
from scrapers.registers.base import Discovery, Register
from tests.faults.alerts import assert_reported_once, needs_operator, report_night
from tests.faults.clock import clock_set
from tests.faults.source import Act, tell
from tests.support.loopback import LoopbackSites

Accepted = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Seen:
    """The result of a night.

    `failed` are problems by folder (`""` is the notice list), `told` is every text for the
    operator, `accepted` are the rows in use by folder. `events` are those of the messages sent.
    """

    failed: Mapping[str, str]
    told: str
    accepted: Accepted
    events: Sequence[str]


class Nights:
    """Nightly runs over one data directory in `root`."""

    def __init__(self, root: Path, sites: LoopbackSites) -> None:
        self.data_dir, self.sites = root / "data", sites
        self.passed = 0
        self.is_bad = False

    def copied_to(self, root: Path) -> "Nights":
        """A copy in another folder, after the same nights."""
        copied = Nights(root, self.sites)
        shutil.copytree(self.data_dir, copied.data_dir)
        copied.passed, copied.is_bad = self.passed, self.is_bad
        return copied

    def pass_over(self, act: Act, forward: timedelta | None = None) -> Seen:
        """Run one night over a source with this act; `forward` overrides the day.

        Whether each fault is reported once is checked after every night.
        """
        tell(self.sites, act)
        at = timedelta(days=self.passed) if forward is None else forward
        self.passed += 1
        workspace = self.workspace()
        with clock_set(at):
            run_id = f"night {self.passed}"
            failed = _ingest(self._session(), workspace, run_id)
            told = [*failed.values(), *_texts_below(workspace.data.ingest_results)]
            workspace.record_stage(run_id, FINISHED)
            was_bad, self.is_bad = self.is_bad, needs_operator(workspace, failed)
            night = report_night(workspace)
            assert_reported_once(night, was_bad=was_bad, is_bad=self.is_bad)
            return Seen(failed, "\n".join(told), _accepted(workspace), night.events)

    def discover(self, act: Act) -> Discovery:
        """The lists that a source with this act announces; nothing is fetched or recorded."""
        tell(self.sites, act)
        workspace = self.workspace()
        session = self._session()
        try:
            return DEEP_SYNTHESIS.discover(session, DEEP_SYNTHESIS.archived(workspace.archive))
        finally:
            session.close()

    def accepted(self) -> Accepted:
        """The rows in use by folder."""
        return _accepted(self.workspace())

    def workspace(self) -> Workspace:
        """The workspace of the data directory, as a run opens it."""
        settings = Settings.from_environment({"FILINGS_DATA_DIR": str(self.data_dir)})
        return Workspace.from_settings(settings)

    def store(self, register: Register) -> ValidatedStore:
        return store_of(self.workspace(), register)

    def _session(self) -> PoliteSession:
        source = Source(self.sites.cac_url, self.sites.beian_url)
        return PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)


def store_of(workspace: Workspace, register: Register) -> ValidatedStore:
    return workspace.store(register, contract_of(register.name))


def _ingest(session: PoliteSession, workspace: Workspace, run_id: str) -> dict[str, str]:
    """Run the pipeline and return problems by folder."""
    stores = [store_of(workspace, register) for register in REGISTERS]
    try:
        ingested = [
            item
            for store in stores
            for item in ingest(session, store, workspace.results, None, run_id)
        ]
    finally:
        session.close()
    for store in stores:
        write_tables(store)
    results = [item.result for item in ingested if item.result.problem]
    return {"" if item.discovery_of else item.folder: item.problem or "" for item in results}


def _accepted(workspace: Workspace) -> Accepted:
    stores = [store_of(workspace, register) for register in REGISTERS]
    return {folder: rows for store in stores for folder, rows in _rows_in_use(store).items()}


def _rows_in_use(store: ValidatedStore) -> dict[str, list[tuple[Any, ...]]]:
    """The rows in use by folder, without the version name, which contains the time."""
    current = {folder: store.current(folder) for folder in store.folders()}
    return {
        folder: store.rows(result).drop(store.contract.place.version).rows()
        for folder, result in current.items()
        if result is not None
    }


def _texts_below(folder: Path) -> list[str]:
    """Every string in the JSON files of a folder."""
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
