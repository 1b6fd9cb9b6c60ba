"""The release asset: the stages that it records, and a warehouse that cannot be read."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets import release
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import IngestResult
from orchestration.publication.targets import delivery
from orchestration.runtime.recorded_sources import record_source
from orchestration.settings import Settings, TargetSettings
from scrapers.errors import FilingsError

PUBLISHED = SimpleNamespace(
    name="1Z", is_new=True, path=Path("/1Z"), counts={"added": 2}, rows={"filings": 2},
    changes="two", summary="release 1Z", content_sha256="abc",
)  # fmt: skip


@pytest.fixture
def workspace(data_dir: Path) -> Workspace:
    workspace = Workspace.from_settings(Settings.from_environment())
    workspace.data.warehouse.write_bytes(b"")
    return workspace


def publish_with(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, publish: Callable[..., Any]
) -> dg.MaterializeResult:
    """The result of the asset without registers, where publishing does as given."""
    monkeypatch.setattr(release, "publish", publish)
    context: Any = SimpleNamespace(
        run=SimpleNamespace(run_id="run"), log=SimpleNamespace(info=lambda message: None)
    )
    return release._publish(context, workspace, [])


def raising(error: Exception) -> Callable[..., Any]:
    def publish(**_: object) -> None:
        raise error

    return publish


PUBLISHED = SimpleNamespace(
    name="1Z", is_new=True, path=Path("/1Z"), counts={"added": 2}, rows={"filings": 2},
    changes="two", summary="release 1Z", content_sha256="abc",
)  # fmt: skip


def test_published_release_finishes_the_run(monkeypatch, workspace):
    result = publish_with(monkeypatch, workspace, lambda **_: PUBLISHED)
    assert result.data_version == dg.DataVersion("abc")
    assert (result.metadata["added"], result.metadata["amended"]) == (2, 0)
    last = workspace.results.last_finished()
    assert last and last.is_finished and last.failures == 0


def test_published_release_without_a_failed_document_counts_it(monkeypatch, workspace):
    at = "2025-05-20T02:00:00+00:00"
    workspace.results.record(IngestResult("001", "run", at))
    workspace.results.record(IngestResult("002", "run", at, problem="held back"))
    workspace.results.record(IngestResult("003", "earlier", at, problem="held back"))
    publish_with(monkeypatch, workspace, lambda **_: PUBLISHED)
    last = workspace.results.last_run()
    assert last and last.is_finished and last.failures == 1


@pytest.mark.parametrize("is_new", [True, False])
def test_release_is_delivered_to_the_configured_targets_also_if_it_is_not_new(
    monkeypatch, workspace, is_new
):
    given = []

    def deliver(path: Path, targets: TargetSettings, log: object) -> list[str]:
        given.append((path, targets.postgres, targets.store))
        return ["no connection"]

    monkeypatch.setenv("FILINGS_POSTGRES", "host=db")
    monkeypatch.setenv("FILINGS_PUBLISH_TO", "s3://bucket")
    monkeypatch.setattr(delivery, "deliver", deliver)
    published = SimpleNamespace(**{**vars(PUBLISHED), "is_new": is_new})
    publish_with(monkeypatch, workspace, lambda **_: published)
    assert given == [(Path("/1Z"), "host=db", "s3://bucket")]
    assert workspace.results.delivery_problems("run") == ["no connection"]
    last = workspace.results.last_finished()
    assert last and last.is_finished


def test_release_names_the_recorded_sources_not_the_configured_one(monkeypatch, workspace):
    for source in ("live", "replica"):
        record_source(workspace.data, source)
    given = {}

    def publish(**arguments: object) -> None:
        given.update(arguments)
        raise FilingsError("enough")

    with pytest.raises(dg.Failure):
        publish_with(monkeypatch, workspace, publish)
    assert workspace.source == "replica" and given["source"] == "live, replica"


def test_failed_release_stops_the_run_and_keeps_the_warehouse(monkeypatch, workspace):
    with pytest.raises(dg.Failure, match="a release would lose history"):
        publish_with(monkeypatch, workspace, raising(FilingsError("a release would lose history")))
    last = workspace.results.last_run()
    assert last and (last.stage, last.problem) == ("release", "a release would lose history")
    assert workspace.data.warehouse.exists()


def test_unreadable_warehouse_stops_the_run_and_is_deleted(monkeypatch, workspace):
    with pytest.raises(dg.Failure, match=r"warehouse.duckdb cannot be read \(a block\)"):
        publish_with(monkeypatch, workspace, raising(duckdb.IOException("a block")))
    assert not workspace.data.warehouse.exists()
    last = workspace.results.last_run()
    assert last and not last.is_finished
