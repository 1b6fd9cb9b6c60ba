"""Documents written by a process of their own: who writes them, and what happens at its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.publication.aside import finish, started_aside
from orchestration.publication.context import ReleaseContext
from scrapers.errors import FilingsError
from tests.support.paths import PROJECT

# The writers are run by another process, which imports this module.


def write_process_id(context: ReleaseContext) -> None:
    (context.folder / "process").write_text(str(os.getpid()))


def write_nothing(context: ReleaseContext) -> None:
    with (context.folder / "tries").open("a") as file:
        file.write(f"{os.getpid()}\n")
    raise FilingsError("a table has too many rows")


def write_here_only(context: ReleaseContext) -> None:
    if str(os.getpid()) != os.environ["WRITES_HERE"]:
        raise MemoryError("too large for a process aside")
    write_process_id(context)


def killed_elsewhere(context: ReleaseContext) -> None:
    if str(os.getpid()) != os.environ["WRITES_HERE"]:
        os.kill(os.getpid(), signal.SIGKILL)
    write_process_id(context)


def write_forever(context: ReleaseContext) -> None:
    write_process_id(context)
    signal.pause()


@pytest.fixture
def context(tmp_path: Path) -> ReleaseContext:
    return ReleaseContext(tmp_path, [], {}, "0" * 64, "1.0.0", "replica")


def process_of(folder: Path) -> int:
    """The id of the process that wrote it; waits up to 30 seconds."""
    path = folder / "process"
    for _ in range(3000):
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.01)
    raise AssertionError("the process did not start")


def has_ended(process: int) -> bool:
    """Whether the process ends within 30 seconds."""
    for _ in range(3000):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_document_is_written_by_another_process(context, caplog):
    with started_aside([write_process_id], context) as started:
        finish(write_process_id, context, started)
        process = started[write_process_id].process
        assert process_of(context.folder) == process.pid != os.getpid()
    assert caplog.messages == []


def test_document_without_a_process_is_written_here(context):
    with started_aside([], context) as started:
        finish(write_process_id, context, started)
    assert process_of(context.folder) == os.getpid()


def test_error_of_the_process_is_raised_here(context):
    with (
        pytest.raises(FilingsError, match="too many rows"),
        started_aside([write_nothing], context) as started,
    ):
        finish(write_nothing, context, started)
    other, here = (context.folder / "tries").read_text().split()
    assert int(here) == os.getpid() != int(other)


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (write_here_only, "MemoryError: too large for a process aside"),
        (killed_elsewhere, "exit status -9"),
    ],
)
def test_failed_process_is_a_warning_and_the_document_is_written_here(
    context, caplog, monkeypatch, write, reason
):
    monkeypatch.setenv("WRITES_HERE", str(os.getpid()))
    with started_aside([write], context) as started:
        finish(write, context, started)
    assert process_of(context.folder) == os.getpid()
    (message,) = caplog.messages
    assert write.__name__ in message and f"({reason})" in message


def test_process_ends_if_nothing_waits_for_it(context):
    # As after an error of another document.
    with started_aside([write_forever], context):
        process = process_of(context.folder)
    assert has_ended(process)


def test_process_ends_if_this_one_is_killed(context):
    module = __name__
    code = (
        f"from pathlib import Path; from {module} import *\n"
        f"context = ReleaseContext(Path({str(context.folder)!r}), [], {{}}, '', '', '')\n"
        "with started_aside([write_forever], context):\n"
        "    process_of(context.folder)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert has_ended(process_of(context.folder))
