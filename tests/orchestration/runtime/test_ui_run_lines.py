"""The lines that `filings ui` prints about runs."""

import logging
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.test_utils import create_run_for_test

from orchestration.defs.endings import RunEndedError
from orchestration.runtime.ui.run_lines import RunLines, is_run_under_way, logged_runs

ADDRESS = "http://127.0.0.1:3000"
SENTENCE = "the list of batch 019 cannot be read"


@dg.op
def broken() -> None:
    raise ValueError(SENTENCE)


@dg.op
def works() -> None:
    pass


@dg.job
def failing() -> None:
    broken()


@dg.job
def working() -> None:
    works()


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def printed(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "filings.runs")
    return caplog


def own(printed: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in printed.records if each.name == "filings.runs"]


def test_started_run_names_its_documents_once(instance, printed):
    lines = RunLines(instance, ADDRESS)
    run = create_run_for_test(
        instance,
        "refresh",
        status=DagsterRunStatus.STARTED,
        tags={"filings/deep_synthesis": "019", "filings/documents": "batch 019", "other": "x"},
    )
    lines.log_news()
    lines.log_news()
    assert own(printed) == [f"Run {run.run_id[:8]} started: batch 019"]


def test_successful_run_is_one_line(instance, printed):
    lines = RunLines(instance, ADDRESS)
    run_id = working.execute_in_process(instance=instance).run_id
    lines.log_news()
    assert own(printed) == [f"Run {run_id[:8]} succeeded after 0 seconds"]


def test_failed_run_says_why_and_where_to_look(instance, printed):
    with logged_runs(instance, ADDRESS):
        run_id = failing.execute_in_process(instance=instance, raise_on_error=False).run_id
    assert own(printed) == [f"Run {run_id[:8]} failed: {SENTENCE}. See {ADDRESS}/runs/{run_id}"]


def test_expected_error_is_shown_whole(instance, printed):
    @dg.op
    def step() -> None:
        raise RunEndedError("release: held back [batch 011]. Look: it may be right")

    @dg.job
    def ended() -> None:
        step()

    with logged_runs(instance, ADDRESS):
        ended.execute_in_process(instance=instance, raise_on_error=False)
    assert ": release: held back [batch 011]. Look: it may be right. See" in own(printed)[0]


def test_runs_before_the_start_are_not_news(instance, printed):
    failing.execute_in_process(instance=instance, raise_on_error=False)
    with logged_runs(instance, ADDRESS):
        pass
    assert own(printed) == []


def test_only_runs_of_code_servers_are_waited_for(instance):
    create_run_for_test(instance, "refresh", status=DagsterRunStatus.STARTED)
    assert not is_run_under_way(instance)
