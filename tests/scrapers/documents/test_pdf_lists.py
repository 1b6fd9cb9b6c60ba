"""Lists as .pdf, including rows that are split by page breaks."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from scrapers.documents.pdf import pdf_tables
from scrapers.errors import DocumentError
from scrapers.replica.facts import load_register
from scrapers.replica.pdf import list_pdf
from tests.scrapers.replica.documents import expected_row
from tests.support.tables import LIST_LAYOUTS, cells_of, read_list

REGISTER = load_register()
ROWS = REGISTER.filings[11][:24]


def printed(rows) -> list[tuple[str, ...]]:
    return [(str(number), *expected_row(row)[1:]) for number, row in enumerate(rows, 1)]


def pdf_without_table(pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.drawString(72, 700, "scanned")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.fixture(scope="module")
def several_pages() -> bytes:
    return list_pdf("2025-05", ROWS)


def test_list_over_several_pages_has_the_published_rows(several_pages):
    assert several_pages.count(b"/Type /Page\n") > 2
    assert cells_of(read_list(several_pages)) == printed(ROWS)


def test_list_row_over_three_pages_is_one_row():
    (row, after) = ROWS[:2]
    long_row = row.__class__(**{**vars(row), "products": row.products + "、某产品（网站）" * 200})
    content = list_pdf("2025-05", [long_row, after])
    assert content.count(b"/Type /Page\n") >= 3
    assert cells_of(read_list(content)) == printed([long_row, after])


def test_repeated_headings_do_not_split_a_row():
    headed = list_pdf("2025-05", ROWS, repeats_heading=True)
    assert len(pdf_tables(headed, LIST_LAYOUTS)[0]) == 1 + len(ROWS)
    assert cells_of(read_list(headed)) == printed(ROWS)


def test_list_has_the_same_hash_as_pdf_and_as_docx(several_pages):
    from scrapers.replica.docx import list_docx

    numbered = [row.__class__(**{**vars(row), "position": str(n)}) for n, row in enumerate(ROWS, 1)]
    assert read_list(list_docx(11, "2025-05", numbered)).sha256 == read_list(several_pages).sha256


def test_pdf_without_a_ruled_table_is_refused():
    with pytest.raises(DocumentError, match=r"no ruled table.*scanned"):
        pdf_tables(pdf_without_table(), LIST_LAYOUTS)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_truncated_pdf_is_refused(several_pages, share):
    with pytest.raises(DocumentError):
        read_list(several_pages[: int(len(several_pages) * share)])
