"""Ctrl-C ends a command with a short message and exit status 130."""

import os
import signal
from collections.abc import Callable, Iterator

import click
import pytest
from click.testing import CliRunner

from orchestration.cli.console import reports_errors
from orchestration.runtime.interrupts import interruptible


@pytest.fixture(autouse=True)
def _signal_handlers() -> Iterator[None]:
    """Restores the handlers that a test or `interruptible` changes."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def swallow_ctrl_c() -> None:
    signal.signal(signal.SIGINT, lambda *_: None)
    press_ctrl_c()


def swallow_ctrl_c_and_fail() -> None:
    swallow_ctrl_c()
    raise ZeroDivisionError


def fail() -> None:
    raise ZeroDivisionError


def receive_another_signal() -> None:
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.raise_signal(signal.SIGUSR1)


@pytest.mark.parametrize("block", [press_ctrl_c, swallow_ctrl_c, swallow_ctrl_c_and_fail])
def test_interrupt_reaches_the_caller_even_if_a_library_swallows_it(block: Callable[[], None]):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt), interruptible():
        block()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL, "a second Ctrl-C ends the process"


def test_block_without_interrupt_ends_as_usual():
    with interruptible():
        receive_another_signal()
    with pytest.raises(ZeroDivisionError), interruptible():
        fail()


def test_interrupted_command_exits_with_status_130():
    @click.command()
    @reports_errors
    def interrupted() -> None:
        raise KeyboardInterrupt

    result = CliRunner().invoke(interrupted)
    assert (result.exit_code, result.stderr) == (128 + signal.SIGINT, "interrupted\n")
