"""The child process that reads documents: start, pipes, signals and end."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from scrapers.documents import process, reading
from scrapers.documents.messages import ReaderCrashError, framed, request_of
from scrapers.documents.process import EndedError, ReadingProcess
from scrapers.documents.reading import LimitError, Limits
from tests.scrapers.documents.children import (
    ECHO,
    ENDLESS,
    LONGEST_WAIT,
    child_of,
    echoed,
    has_ended,
    start_code,
)
from tests.support.paths import PROJECT


def test_child_that_cannot_start_raises_its_error_output_at_once(make_reader, tmp_path):
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit('no such module')"
    with pytest.raises(ReaderCrashError, match=r"status 1:\nno such module"):
        make_reader(code=code).read(b"", ())
    assert starts.read_text() == "x"


def test_child_that_does_not_start_in_time_is_stopped(make_reader, monkeypatch):
    monkeypatch.setattr(reading, "START_SECONDS", 0.1)
    reader = make_reader(code=ENDLESS)
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"did not start within 0\.1 seconds"):
        reader.read(b"", ())
    assert time.monotonic() - started < 10
    assert reader._child is None


def test_time_limit_excludes_start_of_child(make_reader):
    reader = make_reader(code="time.sleep(0.6)", seconds=0.5)
    assert reader.read(b"text", ()) == echoed(b"text")


def test_child_that_prints_much_does_not_block(make_reader):
    noise = "print('x' * 10**6, file=sys.stderr), print('x' * 10**6)"
    reader = make_reader(f"({noise}, {ECHO})[-1]")
    assert reader.read(b"text", ()) == echoed(b"text")


def test_child_that_prints_endlessly_is_stopped_at_time_limit(make_reader):
    reader = make_reader("[os.write(2, b'x' * 4096) for _ in iter(int, 1)]", seconds=0.2)
    with pytest.raises(LimitError, match=r"over 0\.2 seconds"):
        reader.read(b"", ())


@pytest.mark.parametrize(
    ("reaction", "seconds", "message"),
    [
        (ENDLESS, 0.3, r"takes over 0\.3 seconds"),
        ("os.kill(os.getpid(), 9)", LONGEST_WAIT, "ended by SIGKILL"),
    ],
    ids=["hangs", "dies"],
)
def test_child_that_does_not_read_its_request_is_stopped(make_reader, reaction, seconds, message):
    reader = make_reader(code=f"child._read = lambda requests: {reaction}", seconds=seconds)
    with pytest.raises(LimitError, match=message):
        reader.read(b"x" * 2**20, ())


def test_request_to_an_ended_child_is_dropped(make_reader):
    reader = make_reader()
    reader.read(b"text", ())
    child = reader._child
    os.kill(child_of(reader), signal.SIGKILL)
    child._process.wait()
    assert not child._send(memoryview(b"request"))


def test_reply_over_limit_is_refused(make_reader, monkeypatch):
    reader = make_reader()
    monkeypatch.setattr(process, "LONGEST_REPLY", 10)
    with pytest.raises(ReaderCrashError, match="the limit is 10"):
        reader.read(b"x" * 100, ())
    assert reader._child is None


def test_document_larger_than_pipe_is_read(make_reader):
    content = b"x" * 2**20
    assert make_reader().read(content, ()) == echoed(content)


def test_child_does_not_hold_lock_of_parent(make_reader, tmp_path):
    path = tmp_path / "lock"
    held = os.open(path, os.O_RDWR | os.O_CREAT)
    os.set_inheritable(held, True)
    fcntl.flock(held, fcntl.LOCK_EX)
    make_reader().read(b"text", ())
    os.close(held)
    with path.open("w") as again:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_close_ends_child(make_reader):
    reader = make_reader()
    reader.read(b"text", ())
    child = child_of(reader)
    reader.close()
    assert has_ended(child)


def test_interrupted_read_stops_child(make_reader, monkeypatch):
    def interrupt(*_) -> bytes:
        raise KeyboardInterrupt

    reader = make_reader()
    reader.read(b"first", ())
    monkeypatch.setattr(ReadingProcess, "exchange", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reader.read(b"second", ())
    assert reader._child is None


def test_child_ends_itself_after_time_limit_although_parent_blocks_signal(make_reader):
    make_reader(ENDLESS, code="child.GRACE_SECONDS = 0")
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        child = ReadingProcess(Limits().memory_bytes, 0.1)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    deadline = time.monotonic() + LONGEST_WAIT
    child.exchange(b"", deadline)
    with pytest.raises(EndedError) as caught:
        child.exchange(framed(request_of(b"", ())), deadline)
    assert caught.value.signal_name == "SIGALRM"
    child.stop()


READS_ENDLESSLY = """
    import json, sys
    sys.path.insert(0, sys.argv[1])
    import scrapers
    from scrapers.documents import READER, process, read_document
    process._START = sys.argv[2]
    path = json.loads(read_document(b"path", ()).rows[0]["content"])
    print(json.dumps([READER._child._process.pid, scrapers.__file__, path == sys.path]), flush=True)
    read_document(b"endless", ())
"""


@pytest.fixture
def parent(tmp_path):
    """A process in another folder that asks a child for its module path, then reads endlessly."""
    # A module of this name in the current folder must not be imported.
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    expression = f"{ENDLESS} if content == b'endless' else echo(json.dumps(sys.path).encode())"
    arguments = [textwrap.dedent(READS_ENDLESSLY), str(PROJECT), start_code(expression)]
    with subprocess.Popen(
        [sys.executable, "-P", "-c", *arguments],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as started:
        yield started


def test_child_ends_when_parent_is_killed_during_reading(parent):
    child, package, has_same_path = json.loads(parent.stdout.readline())
    assert package == str(PROJECT / "scrapers" / "__init__.py")
    assert has_same_path
    parent.kill()
    assert has_ended(child)


def test_ctrl_c_ends_both_processes_with_one_traceback(parent):
    child, *_ = json.loads(parent.stdout.readline())
    assert os.getsid(child) == child
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=LONGEST_WAIT)
    assert errors.count("Traceback") == 1 and "KeyboardInterrupt" in errors
    assert has_ended(child)
