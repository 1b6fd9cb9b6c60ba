"""How runs end in Dagster's records: expected errors as a sentence, bugs with their stack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster_shared.error import SerializableErrorInfo

from orchestration.defs.assets.step_retries import retry, stopped
from orchestration.defs.names import REFRESH
from orchestration.defs.resources import NAME, Workspace
from orchestration.ingest.results import FINISHED, LastRun
from orchestration.runtime.recorded_sources import record_source
from orchestration.runtime.run_lock import RunUnderWayError
from orchestration.settings import Settings
from scrapers.errors import FilingsError

Work = Callable[[dg.OpExecutionContext, Workspace], None]


@pytest.fixture
def workspace(data_dir: Path) -> Workspace:
    return Workspace.from_settings(Settings.from_environment())


def run_of(
    instance: dg.DagsterInstance, workspace: Workspace, work: Work
) -> dg.ExecuteInProcessResult:
    """A run of one step in the stage `models`."""

    @dg.op(name="step")
    def step(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        with workspace.stage(context.run.run_id, "models"):
            work(context, workspace)

    @dg.job(name=REFRESH)
    def job() -> None:
        step()

    return job.execute_in_process(
        instance=instance, resources={NAME: workspace}, raise_on_error=False
    )


def errors_of(result: dg.ExecuteInProcessResult) -> list[SerializableErrorInfo]:
    """The errors in the records of a run, the last of which is its ending."""
    found = [getattr(event.event_specific_data, "error", None) for event in result.all_events]
    return [error for error in found if error]


def last_run(workspace: Workspace) -> LastRun:
    last = workspace.results.last_run()
    assert last is not None
    return last


def raising(error: BaseException) -> Work:
    def work(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        raise error

    return work


def stop(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    raise stopped(workspace, context.run.run_id, "models", "a test failed [filings]. Look there")


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (stop, "a test failed [filings]. Look there"),
        (
            raising(FilingsError("a seed is invalid", remedy="Edit it")),
            "a seed is invalid. Edit it",
        ),
        (raising(OSError(28, "No space left on device")), "the disk is full"),
    ],
    ids=["stopped", "expected error", "full disk"],
)
def test_expected_error_ends_the_run_with_its_sentence_and_no_stack(
    instance, workspace, work, sentence
):
    result = run_of(instance, workspace, work)
    assert not result.success
    step, run = errors_of(result)
    for error in (step, run):
        assert sentence in error.message and "Error" not in error.message.split(":")[0]
        assert error.to_string() == error.message
    (failure,) = result.get_step_failure_events()
    described = failure.event_specific_data.user_failure_data
    assert described and described.description == step.message == last_run(workspace).problem


def test_bug_keeps_its_stack_and_is_recorded_as_the_problem(instance, workspace):
    result = run_of(instance, workspace, raising(KeyError("a column")))
    ending = errors_of(result)[-1].to_string()
    assert __file__ in ending and "KeyError: 'a column'" in ending
    last = last_run(workspace)
    assert (last.stage, last.is_finished) == ("models", False)
    assert last.problem == (
        "the program failed (KeyError('a column')). The traceback is in the run; please report it"
    )


def test_problem_of_a_disk_that_takes_no_record_still_ends_the_run(instance, workspace):
    def work(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        workspace.results.root.rename(workspace.results.root.with_name("moved"))
        workspace.results.root.write_text("not a folder")
        raise FilingsError("a seed is invalid")

    assert errors_of(run_of(instance, workspace, work))[-1].message == "a seed is invalid"


def test_requested_retry_is_not_a_problem(instance, workspace):
    with pytest.raises(dg.RetryRequested), workspace.stage("run", "models"):
        raise retry()
    assert last_run(workspace).problem is None


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), DagsterExecutionInterruptedError()])
def test_run_that_the_user_stops_is_cancelled_with_one_sentence(instance, workspace, interrupt):
    def work(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        instance.report_run_canceling(context.run)
        raise interrupt

    result = run_of(instance, workspace, work)
    run = instance.get_run_by_id(result.run_id)
    assert run and run.status is dg.DagsterRunStatus.CANCELED
    sentence = "The user stopped the run during models; nothing was half-published"
    assert {error.to_string() for error in errors_of(result)} == {sentence}
    assert last_run(workspace).problem == "stopped by the user"


def test_run_that_cannot_start_ends_with_the_reason(instance, workspace):
    record_source(workspace.data, "live")
    result = run_of(instance, workspace, raising(AssertionError("the run started")))
    ending = errors_of(result)[-1]
    assert ending.message.startswith(f"{workspace.data.root} holds data from the source `live`")
    assert "--force" in ending.message and ending.to_string() == ending.message


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (RunUnderWayError("another run is under way", remedy="Wait"), "under way. Wait"),
        (DagsterExecutionInterruptedError(), "The user stopped the run at the start"),
    ],
)
def test_run_that_waits_for_the_lock_ends_without_a_stack(
    instance, workspace, monkeypatch, error, ending
):
    @contextmanager
    def locked(_: Path) -> Iterator[None]:
        raise error
        yield

    monkeypatch.setattr("orchestration.defs.resources.run_lock", locked)
    result = run_of(instance, workspace, raising(AssertionError("the run started")))
    last = errors_of(result)[-1]
    assert ending in last.message and last.to_string() == last.message


def test_run_records_when_it_started_and_what_started_it(instance, workspace):
    def work(context: dg.OpExecutionContext, workspace: Workspace) -> None:
        workspace.record_stage(context.run.run_id, FINISHED)

    run_of(instance, workspace, work)
    last = last_run(workspace)
    assert last.is_finished and last.trigger == "command line"
    assert last.started_at and last.started_at <= last.at
