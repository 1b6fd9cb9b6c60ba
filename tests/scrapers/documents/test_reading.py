"""Reading in a child process: the same rows, within bounds, and nothing is left behind."""

import fcntl
import os
import select
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scrapers.documents import process
from scrapers.documents.messages import ReaderCrashError
from scrapers.documents.parsing import parse
from scrapers.documents.reading import DocumentReader, LimitError, Limits
from scrapers.errors import DocumentError, TableError
from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, row, table
from tests.support.paths import PROJECT
from tests.support.pdf_builder import HEADINGS as NOTICE_HEADINGS
from tests.support.pdf_builder import make_pdf, make_pdf_of_objects, ruled_table
from tests.support.pdf_builder import row as notice_row
from tests.support.tables import LIST_LAYOUTS, NOTICE_LAYOUTS, read_cancellations, read_list

ROOT = PROJECT
WHOLE = make_docx(
    table(row(*HEADINGS), row(*make_filing_cells(1)), row(*make_filing_cells(2, note="变更")))
)
NOTICE = make_pdf([ruled_table(NOTICE_HEADINGS, notice_row(1), notice_row(2))])
LONGEST_WAIT = 30.0


# The pages are an object that refers to itself: pdfminer never comes to an end.
ENDLESS = make_pdf_of_objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"2 0 R")
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


@pytest.fixture
def reader():
    made = DocumentReader(Limits(seconds=LONGEST_WAIT))
    yield made
    made.close()


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


def started_with(code: str, monkeypatch) -> None:
    """Run this before the child begins to read."""
    first = "from scrapers.documents.child import main"
    monkeypatch.setattr(process, "_START", process._START.replace(first, f"{code}; {first}"))


def test_a_document_says_the_same_in_the_child_and_in_this_process():
    assert read_list(WHOLE) == parse(WHOLE, LIST_LAYOUTS)
    assert read_list(WHOLE).sha256 == parse(WHOLE, LIST_LAYOUTS).sha256
    assert read_cancellations(NOTICE) == parse(NOTICE, NOTICE_LAYOUTS)
    assert len(read_cancellations(NOTICE).rows) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"Rar!\x1a\x07",
        make_docx(table(row(*HEADINGS, "未知"))),
        make_docx(table(row(*HEADINGS), row(*make_filing_cells()[:-1]))),
    ],
)
def test_an_error_is_the_same_in_the_child_and_in_this_process(content):
    with pytest.raises(DocumentError) as here:
        parse(content, LIST_LAYOUTS)
    with pytest.raises(DocumentError) as there:
        read_list(content)
    assert type(there.value) is type(here.value)
    assert vars(there.value) == vars(here.value)


def test_an_error_names_its_row():
    with pytest.raises(TableError) as caught:
        read_list(make_docx(table(row(*HEADINGS), row(*make_filing_cells()[:-1]))))
    assert caught.value.row_no == 1


def test_a_document_without_an_end_is_refused_when_the_time_is_over():
    reader = DocumentReader(Limits(seconds=0.2))
    with pytest.raises(LimitError, match=r"takes over 0\.2 seconds\. Check the doc"):
        reader.read(ENDLESS, NOTICE_LAYOUTS)
    assert reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)
    reader.close()


def test_a_document_that_fills_the_memory_is_refused():
    reader = DocumentReader(Limits(memory_bytes=200 * 2**20, seconds=LONGEST_WAIT))
    with pytest.raises(LimitError, match=r"takes over 200 MB of memory\. Check the doc"):
        reader.read(HUGE, NOTICE_LAYOUTS)
    assert reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)
    reader.close()


def test_a_document_that_takes_too_much_is_a_document_that_cannot_be_read():
    assert issubclass(LimitError, DocumentError)


def test_one_child_reads_many_documents(reader):
    reader.read(WHOLE, LIST_LAYOUTS)
    first = child_of(reader)
    reader.read(NOTICE, NOTICE_LAYOUTS)
    assert child_of(reader) == first


def test_a_child_that_has_grown_large_makes_way_for_another(reader, monkeypatch):
    started_with("import scrapers.documents.child as c; c.LARGEST_AT_REST = 0", monkeypatch)
    for _ in range(2):
        assert reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)
        assert reader._child is None


def test_a_child_that_someone_ends_is_replaced(reader):
    reader.read(WHOLE, LIST_LAYOUTS)
    ended = child_of(reader)
    os.kill(ended, signal.SIGKILL)
    assert reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)
    assert child_of(reader) != ended


def test_a_document_that_ends_every_child_is_refused(reader, monkeypatch):
    started_with(
        "import os, scrapers.documents.child as c; c.parse = lambda *a: os.kill(os.getpid(), 11)",
        monkeypatch,
    )
    with pytest.raises(LimitError, match="was ended by SIGSEGV"):
        reader.read(WHOLE, LIST_LAYOUTS)


def test_a_fault_of_the_program_arrives_with_its_traceback(reader, monkeypatch):
    started_with(
        "import scrapers.documents.child as c; c.parse = lambda *a: {}['lost']", monkeypatch
    )
    with pytest.raises(ReaderCrashError, match=r"(?s)Traceback.*KeyError: 'lost'"):
        reader.read(WHOLE, LIST_LAYOUTS)


def test_a_child_that_cannot_start_says_why(reader, monkeypatch):
    started_with("raise SystemExit('no such module')", monkeypatch)
    with pytest.raises(ReaderCrashError, match="status 1:\nno such module"):
        reader.read(WHOLE, LIST_LAYOUTS)


def test_a_child_that_prints_much_is_not_kept_waiting(reader, monkeypatch):
    noise = "print('x' * 10**6, file=sys.stderr), print('x' * 10**6)"
    started_with(
        "import sys, scrapers.documents.child as c; p = c.parse; "
        f"c.parse = lambda *a: ({noise}, p(*a))[-1]",
        monkeypatch,
    )
    assert reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)


def test_a_child_that_prints_without_end_is_ended_all_the_same(monkeypatch):
    started_with(
        "import os, scrapers.documents.child as c; "
        "c.parse = lambda *a: [os.write(2, b'x' * 4096) for _ in iter(int, 1)]",
        monkeypatch,
    )
    reader = DocumentReader(Limits(seconds=0.2))
    with pytest.raises(LimitError, match=r"over 0\.2 seconds"):
        reader.read(WHOLE, LIST_LAYOUTS)
    reader.close()


def test_two_threads_may_read_at_once(reader):
    documents = [(WHOLE, LIST_LAYOUTS), (NOTICE, NOTICE_LAYOUTS)] * 10
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda document: reader.read(*document), documents))
    assert found == [parse(WHOLE, LIST_LAYOUTS), parse(NOTICE, NOTICE_LAYOUTS)] * 10


def test_a_forked_process_reads_with_a_child_of_its_own(reader):
    reader.read(WHOLE, LIST_LAYOUTS)
    own = child_of(reader)
    forked = os.fork()
    if not forked:
        is_same = reader.read(WHOLE, LIST_LAYOUTS) == parse(WHOLE, LIST_LAYOUTS)
        is_right = is_same and child_of(reader) != own
        reader.close()
        os._exit(0 if is_right else 1)
    assert os.waitpid(forked, 0)[1] == 0
    reader.read(WHOLE, LIST_LAYOUTS)
    assert child_of(reader) == own


def test_a_lock_of_this_process_is_not_held_by_the_child(reader, tmp_path):
    path = tmp_path / "lock"
    held = os.open(path, os.O_RDWR | os.O_CREAT)
    os.set_inheritable(held, True)
    fcntl.flock(held, fcntl.LOCK_EX)
    reader.read(WHOLE, LIST_LAYOUTS)
    os.close(held)
    with path.open("w") as again:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_closing_ends_the_child(reader):
    reader.read(WHOLE, LIST_LAYOUTS)
    child = child_of(reader)
    reader.close()
    assert has_ended(child)


def parent(script: str, folder: Path, documents: dict[str, bytes]) -> subprocess.Popen:
    """A process of its own, started elsewhere, that runs a script on these documents."""
    for name, content in documents.items():
        (folder / name).write_bytes(content)
    # A module of this name in the folder where one happens to be must not be imported.
    (folder / "json.py").write_text("raise SystemExit('the wrong module')")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", start + textwrap.dedent(script)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


READS_WITHOUT_END = """
    from pathlib import Path
    from scrapers.documents import READER, read_document
    from scrapers.registers.deep_synthesis import LIST_TABLE
    from scrapers.registers.cancellation_notices import NOTICE_TABLE
    read_document(Path("list.docx").read_bytes(), (LIST_TABLE,))
    print(READER._child._process.pid, flush=True)
    read_document(Path("endless.pdf").read_bytes(), (NOTICE_TABLE,))
"""


def test_the_package_is_found_from_any_folder(tmp_path):
    script = """
        from pathlib import Path
        import scrapers
        from scrapers.documents import read_document
        from scrapers.registers.deep_synthesis import LIST_TABLE
        table = read_document(Path("list.docx").read_bytes(), (LIST_TABLE,))
        print(len(table.rows), scrapers.__file__)
    """
    output, errors = parent(script, tmp_path, {"list.docx": WHOLE}).communicate()
    assert output.split() == ["2", str(ROOT / "scrapers" / "__init__.py")], errors


def test_the_child_ends_with_a_parent_that_is_killed_while_it_reads(tmp_path):
    killed = parent(READS_WITHOUT_END, tmp_path, {"list.docx": WHOLE, "endless.pdf": ENDLESS})
    child = int(killed.stdout.readline())
    killed.kill()
    killed.communicate()
    assert has_ended(child)


def test_ctrl_c_ends_both_and_only_the_parent_tells_of_it(tmp_path):
    stopped = parent(READS_WITHOUT_END, tmp_path, {"list.docx": WHOLE, "endless.pdf": ENDLESS})
    child = int(stopped.stdout.readline())
    os.killpg(stopped.pid, signal.SIGINT)
    _, errors = stopped.communicate(timeout=LONGEST_WAIT)
    assert errors.count("Traceback") == 1 and "KeyboardInterrupt" in errors
    assert has_ended(child)
