"""Ctrl-C ends a command with a short line and exit status 130, whichever library met it."""

import signal
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from orchestration.cli.console import reports_errors
from orchestration.settings import PROJECT_ROOT

BLOCK = """
import os, signal
from orchestration.runtime.interrupts import interruptible
try:
    with interruptible():
        {inside}
except KeyboardInterrupt:
    print("interrupted")
except ZeroDivisionError:
    print("failed")
else:
    print("done")
"""
PRESSED = "os.kill(os.getpid(), signal.SIGINT)"
SWALLOWED = f"signal.signal(signal.SIGINT, lambda *_: None); {PRESSED}"


@pytest.mark.parametrize(
    ("inside", "end"),
    [
        (PRESSED, "interrupted"),
        (SWALLOWED, "interrupted"),
        (f"{SWALLOWED}; 1 / 0", "interrupted"),
        ("1 / 0", "failed"),
        ("signal.signal(signal.SIGUSR1, lambda *_: None); signal.raise_signal(signal.SIGUSR1)",
         "done"),
        ("pass", "done"),
    ],
)  # fmt: skip
def test_an_interrupt_reaches_the_caller_though_a_library_handles_it_itself(inside, end):
    done = subprocess.run(
        [sys.executable, "-c", BLOCK.format(inside=inside)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{end}\n"


def test_an_interrupted_command_says_so_and_exits_with_130():
    @click.command()
    @reports_errors
    def interrupted() -> None:
        raise KeyboardInterrupt

    result = CliRunner().invoke(interrupted)
    assert (result.exit_code, result.stderr) == (128 + signal.SIGINT, "stopped\n")
