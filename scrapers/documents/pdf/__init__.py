"""Reads the ruled tables of a .pdf document.

Only visible text counts. All text of a table must lie in its cells, and nothing outside the tables
may look like a row. Anything ambiguous raises an error that names the page.

streams, budget     limits on what is decompressed and interpreted
painting, interpreter, paths, layers, annotations
                    the marks that each page shows, and how they are painted
visibility, colours which marks are visible
fonts               which character codes of a font stand for known characters
runs, texts         glyphs → words and lines
ruling, decoration  lines → cells, with pdfplumber; underlines and highlights are left out
watermarks, overflow, truncation
                    text that belongs to no cell, to several cells, or that is cut off
layout, page        one page → rows
joining, joiner, split_rows, repeated_headings
                    rows that continue on the next page, and headings that are repeated there
titles              the lines above a table that name its layout
outside, text_lines text outside the tables
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
    """Read the tables of a document. A table that continues on the next page is one table.

    Raises DocumentError if the file is damaged or protected, if no page has a ruled table, if
    anything on a page may be a row or part of a row that is missing from the tables, or if the
    file needs more work than a list does.
    """
    headings = Headings(layouts)
    try:
        with bounded_streams():
            pages = _read_pages(content, headings)
    except Exception as error:  # pdfminer raises errors of every kind on damaged files
        cause = _cause(error)
        if isinstance(cause, FilingsError | MemoryError):
            raise cause from None
        raise _damaged(cause) from error
    if not any(page.tables for page in pages):
        raise DocumentError(
            "the .pdf file has no ruled table",
            remedy="A scanned list, or a list without vertical lines, cannot be read. "
            "Ask for the original document",
        )
    tables = joined_pages(pages, headings)
    refuse_rows_outside(pages, tables, headings)
    return tables


def _cause(error: Exception) -> Exception:
    """Return the error that pdfplumber wrapped in one of its own, if any."""
    wrapped = error.args[0] if error.args else None
    return wrapped if isinstance(wrapped, Exception) else error


def _damaged(cause: Exception) -> DocumentError:
    if isinstance(cause, PDFPasswordIncorrect):
        return DocumentError(
            "a .pdf file with a password",
            remedy="Ask for the document without a password",
        )
    if isinstance(cause, PDFEncryptionError):
        return DocumentError(
            "a .pdf file with an unsupported protection",
            remedy="Ask for the document without protection",
        )
    return DocumentError(f"a damaged or protected .pdf file ({shortened(repr(cause))})")


def _read_pages(content: bytes, headings: Headings) -> list[PageContent]:
    # The document stays open: closing it would load every page.
    document = pdfplumber.open(io.BytesIO(content))
    if sum(1 for _ in islice(PDFPage.create_pages(document.doc), MAX_PAGES + 1)) > MAX_PAGES:
        raise DocumentError(f"the .pdf file has over {MAX_PAGES:,} pages")
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
