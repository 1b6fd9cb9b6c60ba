"""Ctrl-C and SIGTERM, each in a process of its own."""

import signal
import subprocess
import sys
from textwrap import dedent

import pytest

from orchestration.runtime.interrupts import AT_START
from orchestration.settings import PROJECT_ROOT

SETUP = """
import os, signal, sys, threading, time
from orchestration.runtime import interrupts

def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)
    time.sleep(0.3)  # Python handles it in the main thread, between two steps

interrupts.INSIST_SECONDS = interrupts.GRACE_SECONDS = 0.5
"""


def run(script: str, *, is_ignored: bool = False) -> tuple[int, str, str]:
    """The exit status and output of a script."""
    done = subprocess.run(
        [sys.executable, "-c", SETUP + dedent(script)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if is_ignored else None,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_signal_while_the_program_starts_ends_it_with_one_line(number, status):
    script = f"interrupts.watch(); press(signal.{number}); print('goes on')"
    assert run(script) == (status, "", f"{AT_START}\n")


def test_signal_that_the_shell_ignores_stays_ignored():
    script = "interrupts.watch(); press(); print('goes on')"
    assert run(script, is_ignored=True) == (0, "goes on\n", "")


def test_signal_after_the_command_is_done_changes_nothing():
    script = "interrupts.watch(); interrupts.end_watch(); press(); print('goes on')"
    assert run(script) == (0, "goes on\n", "")


SWALLOW = """
        def swallow():
            try:
                press()
                time.sleep(30)
            except KeyboardInterrupt:
                print("swallowed", flush=True)

        interrupts.watch()
"""


def test_interrupt_that_a_library_swallows_is_raised_again():
    script = """
        with interrupts.raising():
            try:
                swallow()
                time.sleep(30)
            finally:
                print("cleaned up", flush=True)
        """
    status, out, _ = run(dedent(SWALLOW) + dedent(script))
    assert (status, out) == (1, "swallowed\ncleaned up\n")


def test_process_ends_if_the_interrupt_is_swallowed_again():
    script = """
        with interrupts.raising():
            swallow()
            swallow()
            time.sleep(30)
        """
    status, out, err = run(dedent(SWALLOW) + dedent(script))
    assert (status, out, err) == (130, "swallowed\nswallowed\n", f"{AT_START}\n")


def test_interrupt_in_a_destructor_is_not_lost_and_not_printed():
    script = """
        class Pressing:
            def __del__(self):
                press()

        interrupts.watch()
        with interrupts.raising():
            Pressing()
            print("goes on")
        """
    assert run(script) == (130, "", f"{AT_START}\n")


def test_stop_is_called_once_while_the_work_waits_and_a_second_signal_is_ignored():
    script = """
        def work():
            with interrupts.whole():
                press()
                print("whole", flush=True)
            with interrupts.whole():
                print("begun after the stop", flush=True)

        def stop():
            press()
            print("stop", flush=True)

        interrupts.watch()
        interrupts.stop_with(lambda: "Stopped during work.")
        interrupts.aside(work, stop)
        """
    assert run(script) == (130, "whole\nstop\n", "Stopped during work.\n")


def test_second_signal_ends_a_stop_that_takes_long():
    script = """
        interrupts.IMPATIENT_SECONDS = 0.1
        interrupts.watch()
        interrupts.stop_with(lambda: "Stopped during work.")
        interrupts.aside(press, lambda: [time.sleep(0.3), press(), print("goes on", flush=True)])
        """
    assert run(script) == (130, "", "Stopped during work.\n")


def test_result_and_error_of_the_work_are_those_of_the_caller():
    script = """
        interrupts.watch()
        print(interrupts.aside(lambda: threading.current_thread().name != "MainThread", exit))
        try:
            interrupts.aside(lambda: 1 / 0, exit)
        except ZeroDivisionError:
            print("raised")
        """
    assert run(script) == (0, "True\nraised\n", "")


def test_ctrl_c_is_a_keyboard_interrupt_only_within_the_block():
    script = """
        signal.signal(signal.SIGINT, lambda *_: print("other handler"))
        try:
            with interrupts.as_keyboard_interrupt():
                press()
        except KeyboardInterrupt:
            print("KeyboardInterrupt")
        press()
        """
    assert run(script) == (0, "KeyboardInterrupt\nother handler\n", "")


def test_work_at_a_stop_is_done_by_another_thread_at_once():
    script = """
        interrupts.watch()
        called = threading.Event()
        with interrupts.raising(), interrupts.at_stop(called.set):
            try:
                press()
            except KeyboardInterrupt:
                print(called.wait(30))
    """
    assert run(script)[:2] == (0, "True\n")


def test_work_at_the_end_is_done_if_the_block_is_not_left():
    script = """
        def remove():
            os.write(1, b"removed\\n")

        interrupts.watch()
        with interrupts.raising(), interrupts.at_end(remove):
            while True:
                try:
                    time.sleep(30)
                except KeyboardInterrupt:
                    print("swallowed", flush=True)
    """
    script = script.replace("interrupts.watch()", "interrupts.watch(); soon(0.2)")
    script = dedent("""
        def soon(seconds):
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)).start()
    """) + dedent(script)
    status, out, err = run(script)
    assert (status, err) == (130, f"{AT_START}\n")
    assert out == "swallowed\nswallowed\nremoved\n"
