"""Reading in a child process: same results as in this process, within limits."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from scrapers.documents import read_document
from scrapers.documents.messages import ReaderCrashError
from scrapers.documents.parsing import parse
from scrapers.documents.reading import DocumentReader, LimitError, Limits
from scrapers.errors import DocumentError
from tests.scrapers.documents.children import (
    ECHO,
    ECHO_OR_ENDLESS,
    LONGEST_WAIT,
    child_of,
    echoed,
)
from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, row, table
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


def test_document_over_time_limit_is_refused_and_next_one_is_read(make_reader):
    reader = make_reader(ECHO_OR_ENDLESS, seconds=0.5)
    with pytest.raises(LimitError, match=r"takes over 0\.5 seconds\. Check the doc") as caught:
        reader.read(b"endless", ())
    assert isinstance(caught.value, DocumentError)
    assert reader._child is None
    assert reader.read(b"short", ()) == echoed(b"short")


def test_pdf_over_memory_limit_is_refused_and_child_replaced():
    reader = DocumentReader(Limits(memory_bytes=200 * 2**20, seconds=LONGEST_WAIT))
    with pytest.raises(LimitError, match=r"takes over 200 MB of memory\. Check the doc"):
        reader.read(HUGE, NOTICE_LAYOUTS)
    assert reader._child is None


def test_child_is_reused_for_next_document(make_reader):
    reader = make_reader()
    reader.read(b"first", ())
    first = child_of(reader)
    reader.read(b"second", ())
    assert child_of(reader) == first


@pytest.mark.parametrize(
    ("code", "documents"), [("child.LARGEST_AT_REST = 0", 1), ("child.MAX_DOCUMENTS = 2", 2)]
)
def test_child_is_replaced_when_large_or_after_many_documents(make_reader, code, documents):
    reader = make_reader(code=code)
    for number in range(2 * documents):
        assert reader.read(b"text", ()) == echoed(b"text")
        is_last = number % documents == documents - 1
        assert (reader._child is None) == is_last


def test_killed_child_is_replaced(make_reader):
    reader = make_reader()
    reader.read(b"first", ())
    killed = child_of(reader)
    os.kill(killed, signal.SIGKILL)
    assert reader.read(b"second", ()) == echoed(b"second")
    assert child_of(reader) != killed


def test_child_killed_during_reading_is_replaced_once(make_reader, tmp_path):
    marker = tmp_path / "killed"
    kill = f"open({str(marker)!r}, 'x') and os.kill(os.getpid(), 9)"
    reader = make_reader(f"{ECHO} if os.path.exists({str(marker)!r}) else {kill}")
    assert reader.read(b"text", ()) == echoed(b"text")


def test_document_that_crashes_every_child_is_refused(make_reader):
    reader = make_reader("os.kill(os.getpid(), 11)")
    with pytest.raises(LimitError, match="was ended by SIGSEGV"):
        reader.read(b"", ())


def test_bug_in_reader_is_raised_with_its_traceback(make_reader):
    reader = make_reader("{}['lost']")
    with pytest.raises(ReaderCrashError, match=r"(?s)Traceback.*KeyError: 'lost'"):
        reader.read(b"", ())


@pytest.mark.parametrize("error", ["RecursionError", "MemoryError"])
def test_error_of_interpreter_is_document_error(make_reader, error):
    reader = make_reader(f"(_ for _ in ()).throw({error})")
    with pytest.raises(DocumentError, match=r"nested too deeply|MB of memory"):
        reader.read(b"", ())


def test_threads_share_reader(make_reader):
    reader = make_reader()
    documents = [str(number).encode() * 100 for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda document: reader.read(document, ()), documents))
    assert found == list(map(echoed, documents))


def test_forked_process_starts_its_own_child(make_reader):
    reader = make_reader()
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
