"""The tables of a .pdf document with ruled lines.

Only what a reader of the page sees counts as text, all text of a table must lie in its cells, and
nothing outside of them may be a row. What cannot be told stops the reading, with the page.

painting, interpreter, paths, layers, notes
                    what each page shows, and how it is painted (marks)
sight, colours      which of it can be seen
fonts               which codes of a font stand for letters
runs, texts         signs → words and lines
ruling, decoration  lines → cells, by pdfplumber, but for underlines and the like
foreign, spilling, cutting
                    text that is not a cell's, not one cell's, or not all of it
layout, page        one page → rows
pages, halves       rows over page ends
outside, lines      words outside of the tables
"""

import io

import pdfplumber

from scrapers.documents.grid import Table
from scrapers.documents.pdf.layers import Layers
from scrapers.documents.pdf.outside import refuse_rows_outside
from scrapers.documents.pdf.page import PageContent, read_page
from scrapers.documents.pdf.pages import joined_pages
from scrapers.documents.pdf.painting import marks_of
from scrapers.errors import DocumentError, FilingsError, on_page

MAX_PAGES = 1_000


def pdf_tables(content: bytes) -> list[Table]:
    """The document's tables; one that goes on over pages in the same columns is one table.

    Raises DocumentError when the file is damaged or protected, when no page has a ruled table, and
    when anything on a page could be a row, or a part of one, that the tables do not hold.
    """
    try:
        pages = _read_pages(content)
    except FilingsError:
        raise
    except Exception as error:  # pdfminer meets damaged files with errors of every kind
        raise DocumentError(f"a damaged or protected .pdf file ({error!r})") from error
    if not any(page.tables for page in pages):
        raise DocumentError(
            "a .pdf file without a ruled table",
            remedy="A scanned list, or one without upright lines, cannot be read: "
            "ask for the document itself",
        )
    tables = joined_pages(pages)
    refuse_rows_outside(pages, tables)
    return tables


def _read_pages(content: bytes) -> list[PageContent]:
    pages: list[PageContent] = []
    with pdfplumber.open(io.BytesIO(content)) as document:
        if len(document.pages) > MAX_PAGES:
            raise DocumentError(f"a .pdf file of over {MAX_PAGES:,} pages")
        layers = Layers.of(document.doc)
        for page in document.pages:
            with on_page(page.page_number):
                marks = marks_of(page.page_obj, document.rsrcmgr, layers)
                pages.append(read_page(page, marks))
            page.close()
    return pages
