"""Shared fixtures: an empty data directory, and a Dagster instance without records."""

from collections.abc import Iterator
from functools import partial

import dagster as dg
import pytest

from orchestration.runtime.run_lock import is_run_alive


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("FILINGS_DATA_DIR", str(tmp_path))
    for name in (
        "FILINGS_SOURCE", "FILINGS_REPLICA_BATCHES", "FILINGS_POLL_SECONDS",
        "FILINGS_POSTGRES", "FILINGS_PUBLISH_TO",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def short_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look once whether a run is alive, instead of watching the lock for seconds."""
    alive = partial(is_run_alive, watch_seconds=0)
    monkeypatch.setattr("orchestration.defs.run_history.is_run_alive", alive)


@pytest.fixture
def instance(data_dir) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance
