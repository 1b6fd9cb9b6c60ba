"""The workspace as resource of a run: it takes the run lock and prepares the data directory."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from orchestration.defs.endings import RunEndedError
from orchestration.defs.names import CHECK_STORES, REFRESH
from orchestration.defs.resources import NAME, Workspace
from orchestration.publication import aside
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import subscribed
from orchestration.runtime.recorded_sources import record_source, recorded_sources
from orchestration.runtime.run_lock import is_run_alive
from orchestration.settings import Settings
from scrapers.archive.sidecar import SIDECAR
from tests.orchestration.validation.list_factories import Stores, make_filing_rows


@pytest.fixture
def workspace(data_dir) -> Workspace:
    return Workspace.from_settings(Settings.from_environment())


def test_run_holds_the_lock(workspace, data_dir):
    with workspace.yield_for_execution(dg.build_init_resource_context()):
        assert is_run_alive(data_dir, 0)
    assert not is_run_alive(data_dir, 0)


def test_run_moves_files_of_an_earlier_version(workspace, data_dir):
    (data_dir / "outcomes").mkdir()
    with workspace.yield_for_execution(dg.build_init_resource_context()) as running:
        assert running.results.root == data_dir / "ingest_results"
        assert running.results.root.is_dir()


def test_run_restores_damaged_sidecars_with_a_warning(workspace, data_dir):
    Stores(data_dir).archive_list(2, make_filing_rows(1))
    sidecar = data_dir / "raw" / "002" / SIDECAR
    content = sidecar.read_bytes()
    sidecar.write_bytes(b"{")
    warnings: list[str] = []
    with (
        subscribed(lambda event: warnings.append(event.message)),
        workspace.yield_for_execution(dg.build_init_resource_context()),
    ):
        assert sidecar.read_bytes() == content
    assert any(str(sidecar) in warning for warning in warnings)


def test_sessions_of_one_run_share_pages(workspace):
    with (
        workspace.yield_for_execution(dg.build_init_resource_context()) as running,
        running.session() as first,
        running.session() as second,
    ):
        assert first.pages is not None and first.pages is second.pages
    # A tick of the sensor asks the source again.
    with workspace.session() as later:
        assert later.pages is None


def test_warning_about_a_failed_process_reaches_the_output_of_the_run(workspace):
    warnings: list[str] = []
    with (
        subscribed(lambda event: warnings.append(event.message)),
        workspace.yield_for_execution(dg.build_init_resource_context()),
    ):
        logging.getLogger(aside.__name__).warning("the workbook failed")
    assert warnings == ["the workbook failed"]


def test_data_directory_that_cannot_be_written_is_refused(data_dir, monkeypatch):
    (data_dir / "file").write_text("")
    monkeypatch.setenv("FILINGS_DATA_DIR", str(data_dir / "file"))
    workspace = Workspace.from_settings(Settings.from_environment())
    with (
        pytest.raises(RunEndedError, match="cannot be written"),
        workspace.yield_for_execution(dg.build_init_resource_context()),
    ):
        raise AssertionError("the run started")


def run_of(job: dg.JobDefinition, data_dir: Path) -> dg.ExecuteInProcessResult:
    """A run of a job with one step and the workspace, on its own instance."""
    workspace = Workspace.from_settings(Settings.from_environment())
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            instance=instance, resources={NAME: workspace}, raise_on_error=False
        )


@dg.op
def use(workspace: Workspace) -> None:
    """A step that needs the workspace."""


@dg.job(name=REFRESH)
def any_run() -> None:
    use()


@dg.job(name=CHECK_STORES)
def check() -> None:
    use()


def test_run_records_its_source(data_dir):
    assert run_of(any_run, data_dir).success
    assert recorded_sources(DataDir(data_dir)) == ("replica",)


def test_run_from_another_source_is_refused_before_anything_is_written(data_dir, monkeypatch):
    record_source(DataDir(data_dir), "replica")
    before = sorted(data_dir.rglob("*"))
    monkeypatch.setenv("FILINGS_SOURCE", "live")
    result = run_of(any_run, data_dir)
    assert not result.success
    assert "holds data from the source `replica`" in str(result.get_run_failure_event())
    assert sorted(data_dir.rglob("*")) == before


def test_source_recorded_while_the_run_waited_for_the_lock_is_refused(data_dir, monkeypatch):
    monkeypatch.setenv("FILINGS_SOURCE", "live")

    @contextmanager
    def waited(folder: Path) -> Iterator[None]:
        record_source(DataDir(folder), "replica")
        yield

    monkeypatch.setattr("orchestration.defs.resources.run_lock", waited)
    assert not run_of(any_run, data_dir).success
    assert recorded_sources(DataDir(data_dir)) == ("replica",)


def test_stored_files_are_checked_whatever_the_source(data_dir, monkeypatch):
    record_source(DataDir(data_dir), "replica")
    monkeypatch.setenv("FILINGS_SOURCE", "live")
    assert run_of(check, data_dir).success
    assert recorded_sources(DataDir(data_dir)) == ("replica",)


def test_settings_survive_the_resource(workspace):
    assert workspace.settings == Settings.from_environment()


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, DagsterExecutionInterruptedError])
def test_stop_in_a_stage_is_recorded_and_ends_with_a_sentence(workspace, interrupt):
    sentence = "The user stopped the run during models; nothing was half-published"
    with pytest.raises(interrupt, match=sentence), workspace.stage("run", "models"):
        raise interrupt
    last = workspace.results.last_run()
    assert last and (last.stage, last.problem) == ("models", "stopped by the user")
