"""How the process of a command ends."""

import subprocess
import sys
from textwrap import dedent

from tests.support.paths import PROJECT

# Objects in a cycle are taken apart by a collection only.
PROGRAM = """
    import atexit, sys, threading, time
    import orchestration.cli.main
    from orchestration.cli.entry import main

    class Cycle:
        def __init__(self):
            self.itself = self
        def __del__(self):
            sys.stderr.write("taken apart")

    def command():
        atexit.register(print, "cleaned up")
        sys.stdout.write("done, ")
        kept.append(Cycle())
        {work}
        sys.exit({status})

    kept = []
    orchestration.cli.main.main = command
    main()
"""


def run(status: str, work: str = "pass") -> "subprocess.CompletedProcess[str]":
    program = dedent(PROGRAM).format(status=status, work=work)
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, cwd=PROJECT, timeout=60, check=False,
    )  # fmt: skip


def test_a_process_ends_with_its_status_and_after_its_exit_functions():
    ended = run("3")
    assert (ended.returncode, ended.stdout) == (3, "done, cleaned up\n")
    assert "taken apart" not in ended.stderr
    assert run("None").returncode == 0


def test_a_message_as_status_is_printed():
    ended = run("'no such table'")
    assert ended.returncode == 1 and "no such table" in ended.stderr


def test_a_process_waits_for_the_threads_of_its_command():
    late = "threading.Thread(target=lambda: (time.sleep(0.2), print('late, ', end=''))).start()"
    ended = run("3", late)
    assert (ended.returncode, ended.stdout) == (3, "done, late, cleaned up\n")
