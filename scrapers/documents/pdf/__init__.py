"""The tables of a .pdf document with ruled lines.

Only what a reader of the page sees counts as text, all text of a table must lie in its cells, and
nothing outside of them may be a row. What cannot be told stops the reading, with the page.

streams, budget     what is unpacked and interpreted, within bounds
painting, interpreter, paths, layers, annotations
                    what each page shows, and how it is painted (marks)
visibility, colours      which of it can be seen
fonts               which codes of a font stand for letters
runs, texts         glyphs → words and lines
ruling, decoration  lines → cells, by pdfplumber, but for underlines and the like
foreign, spilling, cutting
                    text that is not a cell's, not one cell's, or not all of it
layout, page        one page → rows
pages, halves       rows over page ends
outside, lines      words outside of the tables
"""

import io
from collections.abc import Sequence
from itertools import islice

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage

from scrapers.documents.bounds import Size
from scrapers.documents.cells import Table
from scrapers.documents.headings import Headings
from scrapers.documents.layout import TableLayout
from scrapers.documents.pdf.budget import WorkBudget
from scrapers.documents.pdf.joining import joined_pages
from scrapers.documents.pdf.layers import Layers
from scrapers.documents.pdf.outside import refuse_rows_outside
from scrapers.documents.pdf.page import PageContent, read_page
from scrapers.documents.pdf.painting import marks_of
from scrapers.documents.pdf.streams import bounded_streams
from scrapers.errors import DocumentError, FilingsError, on_page, shortened

MAX_PAGES = 1_000


def pdf_tables(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """The document's tables; one that goes on over pages in the same columns is one table.

    Raises DocumentError when the file is damaged or protected, when no page has a ruled table, when
    anything on a page could be a row, or a part of one, that the tables do not hold, and when the
    file takes more work than a list does.
    """
    headings = Headings(layouts)
    try:
        with bounded_streams():
            pages = _read_pages(content, headings)
    except Exception as error:  # pdfminer meets damaged files with errors of every kind
        cause = _cause(error)
        if isinstance(cause, FilingsError | MemoryError):
            raise cause from None
        raise _damaged(cause) from error
    if not any(page.tables for page in pages):
        raise DocumentError(
            "a .pdf file without a ruled table",
            remedy="A scanned list, or one without upright lines, cannot be read: "
            "ask for the document itself",
        )
    tables = joined_pages(pages, headings)
    refuse_rows_outside(pages, tables, headings)
    return tables


def _cause(error: Exception) -> Exception:
    """The error that pdfplumber has wrapped in one of its own, if any."""
    wrapped = error.args[0] if error.args else None
    return wrapped if isinstance(wrapped, Exception) else error


def _damaged(cause: Exception) -> DocumentError:
    if isinstance(cause, PDFPasswordIncorrect):
        return DocumentError(
            "a protected .pdf file: it has a password",
            remedy="Ask for the document without a password",
        )
    if isinstance(cause, PDFEncryptionError):
        return DocumentError(
            "a protected .pdf file, in a way that cannot be read",
            remedy="Ask for the document without a protection",
        )
    return DocumentError(f"a damaged or protected .pdf file ({shortened(repr(cause))})")


def _read_pages(content: bytes, headings: Headings) -> list[PageContent]:
    # Closing the document would only look at its pages, however many there are.
    document = pdfplumber.open(io.BytesIO(content))
    if sum(1 for _ in islice(PDFPage.create_pages(document.doc), MAX_PAGES + 1)) > MAX_PAGES:
        raise DocumentError(f"a .pdf file of over {MAX_PAGES:,} pages")
    layers = Layers.of(document.doc)
    budget, size = WorkBudget(), Size()
    pages: list[PageContent] = []
    for page in document.pages:
        with on_page(page.page_number):
            marks = marks_of(page.page_obj, document.rsrcmgr, layers, budget)
            read = read_page(page, marks, headings)
            for row in (row for table in read.tables for row in table.rows):
                size.add(row.texts)
        pages.append(read)
        page.close()
    return pages
