"""The serving lock: released when all its holders have ended, however they end."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.runtime.serving_lock import LOCK_NAME, AlreadyRunningError, Holder, serving_lock
from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import wait_until

# Holds the lock and starts a child with or without its descriptor.
HOLD = """
import subprocess, sys
from pathlib import Path
from orchestration.runtime.serving_lock import serving_lock
with serving_lock([Path(sys.argv[1])], "http://127.0.0.1:3000") as locks:
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], pass_fds=locks if sys.argv[2] == "shared" else ()
    )
    print(child.pid, flush=True)
    sys.stdin.read()
"""


def is_free(folder: Path) -> bool:
    try:
        with serving_lock([folder]):
            return True
    except AlreadyRunningError:
        return False


@pytest.mark.parametrize(("kind", "is_kept"), [("shared", True), ("own", False)])
def test_killed_holder_keeps_the_lock_only_while_a_process_with_its_descriptor_lives(
    tmp_path, kind, is_kept
):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), kind],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stdout and process.stdout.readline()
        assert not is_free(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_free(tmp_path) is not is_kept
    # The child ends with its standard input, which is closed now.
    assert wait_until(lambda: is_free(tmp_path), 10, pause=0.05)


def test_refusal_names_address_process_and_what_to_do(tmp_path):
    with serving_lock([tmp_path], "http://127.0.0.1:3001"):
        holder = json.loads((tmp_path / LOCK_NAME).read_text())
        with (
            pytest.raises(
                AlreadyRunningError,
                match=rf"^already running at http://127\.0\.0\.1:3001 "
                rf"\(process {holder['process']}\)\. "
                rf"Open that address, or end it first with `kill {holder['process']}`$",
            ),
            serving_lock([tmp_path]),
        ):
            pass


def test_refusal_without_a_ui_offers_the_webserver(tmp_path):
    with (
        serving_lock([tmp_path]),
        pytest.raises(
            AlreadyRunningError, match=r"a daemon is already running.*`filings webserver`"
        ),
        serving_lock([tmp_path]),
    ):
        pass


def test_process_of_another_computer_is_not_to_be_killed_here():
    message = str(Holder(123, "other", "http://127.0.0.1:3000").error())
    assert "process 123 on other" in message
    assert "kill" not in message
    assert "kill 123" in str(Holder(123, socket.gethostname()).error())


def test_unreadable_holder_is_refused_as_well(tmp_path):
    with serving_lock([tmp_path]):
        (tmp_path / LOCK_NAME).write_text("{")
        with (
            pytest.raises(AlreadyRunningError, match="another process already runs on this data"),
            serving_lock([tmp_path]),
        ):
            pass


def test_if_the_second_folder_is_in_use_the_first_is_free_again(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with serving_lock([second]):
        with pytest.raises(AlreadyRunningError), serving_lock([first, second]):
            pass
        assert is_free(first)


def test_the_same_folder_twice_is_one_lock(tmp_path):
    with serving_lock([tmp_path, tmp_path]) as locks:
        assert len(locks) == 1
