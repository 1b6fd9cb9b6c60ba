"""Shared fixtures: an empty data directory, and a Dagster instance without records."""

from collections.abc import Iterator

import dagster as dg
import pytest


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("FILINGS_DATA_DIR", str(tmp_path))
    for name in ("FILINGS_SOURCE", "FILINGS_REPLICA_BATCHES", "FILINGS_POLL_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def instance(data_dir) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance
