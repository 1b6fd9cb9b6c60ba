"""A release restored from `data/raw` and the seeds alone, while no request is answered."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from tests.end_to_end.commands import CommandResult, run_command
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.live_registers import WAITS
from tests.end_to_end.releases import latest


class Down(BaseAdapter):
    """A source to which no connection can be made."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        raise requests.ConnectionError(f"no route to {request.url}")

    def close(self) -> None:
        """There is nothing to close."""


@dataclass(frozen=True)
class Restored:
    """A data directory that was restored, and the refresh that did it."""

    data_dir: Path
    finished: CommandResult
    content_sha256: str


@pytest.fixture(scope="module")
def restored(one_batch: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Restored:
    data_dir = tmp_path_factory.mktemp("restored") / "data"
    shutil.copytree(one_batch.data_dir / "raw", data_dir / "raw")
    with pytest.MonkeyPatch.context() as patch:
        for name in WAITS:
            patch.setattr(name, 0)
        patch.setattr("scrapers.http.retries._backoff", lambda state: 0.0)
        patch.setattr("scrapers.replica.replica_adapter", lambda batches: Down())
        finished = run_command(data_dir, "refresh", FILINGS_REPLICA_BATCHES="1")
    return Restored(data_dir, finished, content_of(data_dir))


def content_of(data_dir: Path) -> str:
    return json.loads((latest(data_dir) / "datapackage.json").read_text())["content_sha256"]


def test_archive_and_seeds_alone_bring_back_the_release(restored: Restored, one_batch: FirstRun):
    assert restored.content_sha256 == content_of(one_batch.data_dir)
    package = json.loads((latest(restored.data_dir) / "datapackage.json").read_text())
    assert package["source"] == "replica" and len(package["documents"]) == 40


def test_restored_release_has_the_same_bytes(restored: Restored, one_batch: FirstRun):
    first, again = latest(one_batch.data_dir), latest(restored.data_dir)
    compared = [
        path.relative_to(first)
        for path in first.rglob("*")
        if path.suffix in {".parquet", ".xlsx", ".html", ".atom"} or path.stem == "data_dictionary"
    ]
    assert len(compared) > 27
    different = [
        path for path in compared if (first / path).read_bytes() != (again / path).read_bytes()
    ]
    assert different == []


def test_refresh_that_restored_a_release_says_that_the_source_is_down(restored: Restored):
    assert restored.finished.status == 1
    assert "no connection" in restored.finished.err
    assert "41 filings in 1 batch" in restored.finished.out


def test_refresh_after_the_source_is_back_changes_nothing(restored: Restored):
    finished = run_command(restored.data_dir, "refresh", FILINGS_REPLICA_BATCHES="1")
    assert finished.status == 0, finished.err
    assert "nothing changed" in finished.out
    assert content_of(restored.data_dir) == restored.content_sha256
