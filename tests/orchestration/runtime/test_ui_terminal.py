"""What `filings ui` prints: lines for a reader, without the events of runs and stack traces."""

import logging
import os
import subprocess
import sys

import pytest
from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo

from orchestration.runtime.ui.terminal import ReaderFormatter, first_sentences, without_events
from orchestration.settings import PROJECT_ROOT

AT = "2026-11-30 00:00:57 +0000"
RUN = "refresh - 0bd854a1-2436-476d-a4dc-172bd70a01b7 - 12567"
INTERRUPTED = f"""\
{AT} - dagster - ERROR - {RUN} - RUN_FAILURE - Execution of run for "refresh" failed.

dagster._core.errors.DagsterExecutionInterruptedError: The user stopped the run

Stack Trace:
  File "/x/dagster/_core/execution/api.py", line 742, in job_execution_iterator
    for event in job_context.executor.execute(job_context, execution_plan):

The above exception was caused by the following exception:
KeyError: 'x'

Stack Trace:
  File "/x/y.py", line 1, in z
"""
PROGRAM = """
import logging, subprocess, sys, time
from orchestration.runtime.ui.terminal import log_for_reader, quieten_descendants
log_for_reader()
quieten_descendants()
logging.getLogger("filings.ui").info("ready")
logging.getLogger("dagster.daemon").info("noise")
logging.getLogger("dagster.daemon").warning("No cursor for event type X, ignoring older events")
logging.getLogger("dagster.daemon").warning("careful")
subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write(sys.argv[1])", sys.argv[1]])
time.sleep(0.3)
"""


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_events_of_runs_are_left_out_with_their_stack_traces():
    event = f"{AT} - dagster - DEBUG - {RUN} - RUN_START - Started execution of run.\n"
    long = f"{event}\nThe release is published, but:\n011: held back\n"
    after = "00:00:57 Run 1 failed\n"
    text = f"before\n{event}{INTERRUPTED}{long}{after}"
    assert list(without_events(lines(text))) == ["before\n", after]


@pytest.mark.parametrize(
    "text",
    [
        "Fatal Python error: Segmentation fault\n",
        "Traceback (most recent call last):\n  File 'x', line 1\nValueError: bad\n",
        "00:00:57 error: the daemon ended\n",
        "2026-11-30 a line of another program - dagster\n",
    ],
)
def test_everything_else_is_passed_on_whole(text):
    assert list(without_events(lines(text))) == lines(text)


def test_error_of_another_program_right_after_an_event_is_passed_on():
    text = f"{INTERRUPTED}Fatal Python error: Segmentation fault\n  File 'x', line 1\n"
    assert "".join(without_events(lines(text))).startswith("Fatal Python error")


def record(level: int, message: str, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("dagster", level, "x.py", 1, message, None, info)


@pytest.mark.parametrize(
    ("logged", "printed"),
    [
        (record(logging.INFO, "The UI is ready"), "The UI is ready"),
        (record(logging.WARNING, "a\n b"), "warning: a b"),
        (
            record(logging.ERROR, "a tick failed\n\nStack Trace:\n  File x"),
            "error: a tick failed",
        ),
        (
            record(logging.ERROR, "a tick failed", ValueError("no\x1b list")),
            "error: a tick failed: ValueError: no\ufffd list",
        ),
    ],
)
def test_line_has_time_level_from_warning_on_and_no_stack_trace(logged, printed):
    time, _, text = ReaderFormatter().format(logged).partition(" ")
    assert text == printed
    assert len(time) == len("00:00:57")


def test_error_from_a_code_server_is_its_first_cause():
    cause = SerializableErrorInfo("FetchError: status 503\n", [], "FetchError")
    outer = SerializableErrorInfo("Error occurred\n", [], "SensorExecutionError", cause)
    error = DagsterUserCodeProcessError("no", user_code_process_error_infos=[outer])
    printed = ReaderFormatter().format(record(logging.ERROR, "a tick failed", error))
    assert printed.endswith("error: a tick failed: FetchError: status 503")


def test_long_message_is_cut():
    assert len(first_sentences("word " * 1000)) < 410


def test_process_prints_its_own_lines_and_the_errors_of_its_children():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"{INTERRUPTED}Fatal Python error: crashed\n"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    printed = [line.partition(" ")[2] or line for line in done.stdout.splitlines()]
    assert sorted(printed) == ["Python error: crashed", "ready", "warning: careful"]
