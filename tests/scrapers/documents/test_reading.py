"""Reading in a child process: same results, limits on memory and time, nothing left running."""

import fcntl
import os
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scrapers.documents import process, read_document, reading
from scrapers.documents.messages import ReaderCrashError, framed, request_of
from scrapers.documents.parsing import parse
from scrapers.documents.process import EndedError, ReadingProcess
from scrapers.documents.reading import DocumentReader, LimitError, Limits
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError
from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, row, table
from tests.support.paths import PROJECT
from tests.support.pdf_builder import HEADINGS as NOTICE_HEADINGS
from tests.support.pdf_builder import make_pdf, make_pdf_of_objects, ruled_table
from tests.support.pdf_builder import row as notice_row
from tests.support.tables import LIST_LAYOUTS, NOTICE_LAYOUTS

LIST = make_docx(
    table(row(*HEADINGS), row(*make_filing_cells(1)), row(*make_filing_cells(2, note="变更")))
)
NOTICE = make_pdf([ruled_table(NOTICE_HEADINGS, notice_row(1), notice_row(2))])
# A font that gives two thousand million characters a width.
HUGE = make_pdf_of_objects(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
    b" /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length 1 >>\nstream\n \nendstream",
    b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts ["
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 2000000000 500] /CIDSystemInfo"
    b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>",
)
LONGEST_WAIT = 30.0
# Child processes of most tests load no readers, which takes most of their start. Instead of
# parsing, they evaluate an expression of `content`.
IMPORT_MAIN = "from scrapers.documents.child import main"
CHILD_WITHOUT_READERS = (
    "import os, sys, time; import scrapers.documents.child as child; "
    "from scrapers.documents.table import DocumentTable, Row; "
    "echo = lambda content: DocumentTable((Row(1, {{'content': content.decode()}}),)); "
    "child._load_readers = lambda: None; child.parse = lambda content, layouts: {expression}; "
    "{code}; "
)
ECHO = "echo(content)"
ENDLESS = "sum(iter(int, 1))"
ECHO_OR_ENDLESS = f"{ENDLESS} if content == b'endless' else {ECHO}"

Start = Callable[..., DocumentReader]


def echoed(content: bytes) -> DocumentTable:
    return DocumentTable((Row(1, {"content": content.decode()}),))


def start_code(expression: str = ECHO, code: str = "pass") -> str:
    """The code of a child that evaluates an expression instead of parsing."""
    prefix = CHILD_WITHOUT_READERS.format(expression=expression, code=code)
    return process._START.replace(IMPORT_MAIN, prefix + IMPORT_MAIN)


@pytest.fixture
def start(monkeypatch) -> Iterator[Start]:
    """Makes a reader whose children evaluate an expression instead of parsing."""
    readers = []

    def make(
        expression: str = ECHO, *, code: str = "pass", seconds: float = LONGEST_WAIT
    ) -> DocumentReader:
        monkeypatch.setattr(process, "_START", start_code(expression, code))
        readers.append(DocumentReader(Limits(seconds=seconds)))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()


def child_of(reader: DocumentReader) -> int:
    return reader._child._process.pid


def has_ended(pid: int) -> bool:
    """Whether a process ends within the longest wait."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], LONGEST_WAIT)[0])
    finally:
        os.close(handle)


@pytest.mark.parametrize(("content", "layouts"), [(LIST, LIST_LAYOUTS), (NOTICE, NOTICE_LAYOUTS)])
def test_child_returns_same_rows_as_parse(content, layouts):
    found, expected = read_document(content, layouts), parse(content, layouts)
    assert found == expected
    assert found.sha256 == expected.sha256
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"Rar!\x1a\x07",
        make_docx(table(row(*HEADINGS, "未知"))),
        make_docx(table(row(*HEADINGS), row(*make_filing_cells()[:-1]))),
    ],
    ids=["kind", "headings", "row"],
)
def test_child_raises_same_error_as_parse(content):
    with pytest.raises(DocumentError) as here:
        parse(content, LIST_LAYOUTS)
    with pytest.raises(DocumentError) as there:
        read_document(content, LIST_LAYOUTS)
    assert type(there.value) is type(here.value)
    assert vars(there.value) == vars(here.value)


def test_document_over_time_limit_is_refused_and_next_one_is_read(start):
    reader = start(ECHO_OR_ENDLESS, seconds=0.5)
    with pytest.raises(LimitError, match=r"takes over 0\.5 seconds\. Check the doc") as caught:
        reader.read(b"endless", ())
    assert isinstance(caught.value, DocumentError)
    assert reader.read(b"short", ()) == echoed(b"short")


def test_pdf_over_memory_limit_is_refused_and_child_replaced():
    reader = DocumentReader(Limits(memory_bytes=200 * 2**20, seconds=LONGEST_WAIT))
    with pytest.raises(LimitError, match=r"takes over 200 MB of memory\. Check the doc"):
        reader.read(HUGE, NOTICE_LAYOUTS)
    assert reader._child is None


def test_child_is_reused_for_next_document(start):
    reader = start()
    reader.read(b"first", ())
    first = child_of(reader)
    reader.read(b"second", ())
    assert child_of(reader) == first


@pytest.mark.parametrize(
    ("code", "documents"), [("child.LARGEST_AT_REST = 0", 1), ("child.MAX_DOCUMENTS = 2", 2)]
)
def test_child_is_replaced_when_large_or_after_many_documents(start, code, documents):
    reader = start(code=code)
    for number in range(2 * documents):
        assert reader.read(b"text", ()) == echoed(b"text")
        is_last = number % documents == documents - 1
        assert (reader._child is None) == is_last


def test_killed_child_is_replaced(start):
    reader = start()
    reader.read(b"first", ())
    killed = child_of(reader)
    os.kill(killed, signal.SIGKILL)
    assert reader.read(b"second", ()) == echoed(b"second")
    assert child_of(reader) != killed


def test_child_killed_during_reading_is_replaced_once(start, tmp_path):
    marker = tmp_path / "killed"
    kill = f"open({str(marker)!r}, 'x') and os.kill(os.getpid(), 9)"
    reader = start(f"{ECHO} if os.path.exists({str(marker)!r}) else {kill}")
    assert reader.read(b"text", ()) == echoed(b"text")


def test_document_that_crashes_every_child_is_refused(start):
    reader = start("os.kill(os.getpid(), 11)")
    with pytest.raises(LimitError, match="was ended by SIGSEGV"):
        reader.read(b"", ())


def test_bug_in_reader_is_raised_with_its_traceback(start):
    reader = start("{}['lost']")
    with pytest.raises(ReaderCrashError, match=r"(?s)Traceback.*KeyError: 'lost'"):
        reader.read(b"", ())


@pytest.mark.parametrize("error", ["RecursionError", "MemoryError"])
def test_error_of_interpreter_is_document_error(start, error):
    reader = start(f"(_ for _ in ()).throw({error})")
    with pytest.raises(DocumentError, match=r"nested too deeply|MB of memory"):
        reader.read(b"", ())


def test_child_that_cannot_start_raises_its_error_output_at_once(start, tmp_path):
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit('no such module')"
    with pytest.raises(ReaderCrashError, match=r"status 1:\nno such module"):
        start(code=code).read(b"", ())
    assert starts.read_text() == "x"


def test_child_that_does_not_start_in_time_is_stopped(start, monkeypatch):
    monkeypatch.setattr(reading, "START_SECONDS", 0.1)
    reader = start(code=ENDLESS)
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"did not start within 0\.1 seconds"):
        reader.read(b"", ())
    assert time.monotonic() - started < 10
    assert reader._child is None


def test_time_limit_excludes_start_of_child(start):
    reader = start(code="time.sleep(0.6)", seconds=0.5)
    assert reader.read(b"text", ()) == echoed(b"text")


def test_child_that_prints_much_does_not_block(start):
    noise = "print('x' * 10**6, file=sys.stderr), print('x' * 10**6)"
    reader = start(f"({noise}, {ECHO})[-1]")
    assert reader.read(b"text", ()) == echoed(b"text")


def test_child_that_prints_endlessly_is_stopped_at_time_limit(start):
    reader = start("[os.write(2, b'x' * 4096) for _ in iter(int, 1)]", seconds=0.2)
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
def test_child_that_does_not_read_its_request_is_stopped(start, reaction, seconds, message):
    reader = start(code=f"child._read = lambda requests: {reaction}", seconds=seconds)
    with pytest.raises(LimitError, match=message):
        reader.read(b"x" * 2**20, ())


def test_reply_over_limit_is_refused(start, monkeypatch):
    reader = start()
    monkeypatch.setattr(process, "LONGEST_REPLY", 10)
    with pytest.raises(ReaderCrashError, match="the limit is 10"):
        reader.read(b"x" * 100, ())
    assert reader._child is None


def test_document_larger_than_pipe_is_read(start):
    content = b"x" * 2**20
    assert start().read(content, ()) == echoed(content)


def test_threads_share_reader(start):
    reader = start()
    documents = [str(number).encode() * 100 for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda document: reader.read(document, ()), documents))
    assert found == list(map(echoed, documents))


def test_forked_process_starts_its_own_child(start):
    reader = start()
    reader.read(b"first", ())
    own = child_of(reader)
    reader._lock.acquire()  # as if another thread were reading
    forked = os.fork()
    if not forked:
        signal.alarm(int(LONGEST_WAIT))
        is_same = reader.read(b"second", ()) == echoed(b"second")
        is_right = is_same and child_of(reader) != own
        reader.close()
        os._exit(0 if is_right else 1)
    reader._lock.release()
    assert os.waitpid(forked, 0)[1] == 0
    reader.read(b"third", ())
    assert child_of(reader) == own


def test_child_does_not_hold_lock_of_parent(start, tmp_path):
    path = tmp_path / "lock"
    held = os.open(path, os.O_RDWR | os.O_CREAT)
    os.set_inheritable(held, True)
    fcntl.flock(held, fcntl.LOCK_EX)
    start().read(b"text", ())
    os.close(held)
    with path.open("w") as again:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_close_ends_child(start):
    reader = start()
    reader.read(b"text", ())
    child = child_of(reader)
    reader.close()
    assert has_ended(child)


def test_interrupted_read_stops_child(start, monkeypatch):
    def interrupt(*_) -> bytes:
        raise KeyboardInterrupt

    reader = start()
    reader.read(b"first", ())
    monkeypatch.setattr(ReadingProcess, "exchange", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reader.read(b"second", ())
    assert reader._child is None


def test_child_ends_itself_after_time_limit_although_parent_blocks_signal(start):
    start(ENDLESS, code="child.GRACE_SECONDS = 0")
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
    import sys
    sys.path.insert(0, sys.argv[1])
    import scrapers
    from scrapers.documents import READER, process, read_document
    process._START = sys.argv[2]
    read_document(b"short", ())
    print(READER._child._process.pid, scrapers.__file__, flush=True)
    read_document(b"endless", ())
"""


@pytest.fixture
def parent(tmp_path):
    """A process started in another folder that reads a short document, then an endless one."""
    # A module of this name in the current folder must not be imported.
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    arguments = [textwrap.dedent(READS_ENDLESSLY), str(PROJECT), start_code(ECHO_OR_ENDLESS)]
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
    child, package = parent.stdout.readline().split()
    assert Path(package) == PROJECT / "scrapers" / "__init__.py"
    parent.kill()
    assert has_ended(int(child))


def test_ctrl_c_ends_both_processes_with_one_traceback(parent):
    child, _ = parent.stdout.readline().split()
    assert os.getsid(int(child)) == int(child)
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=LONGEST_WAIT)
    assert errors.count("Traceback") == 1 and "KeyboardInterrupt" in errors
    assert has_ended(int(child))
