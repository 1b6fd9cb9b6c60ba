"""The workspace as resource of a run: it takes the run lock and prepares the data directory."""

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from orchestration.defs.resources import Workspace
from orchestration.runtime.disk import DiskError
from orchestration.runtime.progress import subscribed
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


def test_data_directory_that_cannot_be_written_is_refused(data_dir, monkeypatch):
    (data_dir / "file").write_text("")
    monkeypatch.setenv("FILINGS_DATA_DIR", str(data_dir / "file"))
    workspace = Workspace.from_settings(Settings.from_environment())
    with (
        pytest.raises(DiskError, match="cannot be written"),
        workspace.yield_for_execution(dg.build_init_resource_context()),
    ):
        raise AssertionError("the run started")


def test_settings_survive_the_resource(workspace):
    assert workspace.settings == Settings.from_environment()


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, DagsterExecutionInterruptedError])
def test_stop_in_a_stage_is_recorded_and_ends_with_a_sentence(workspace, interrupt):
    sentence = "The user stopped the run during models; nothing was half-published"
    with pytest.raises(interrupt, match=sentence), workspace.stage("run", "models"):
        raise interrupt
    last = workspace.results.last_run()
    assert last and (last.stage, last.problem) == ("models", "stopped by the user")
