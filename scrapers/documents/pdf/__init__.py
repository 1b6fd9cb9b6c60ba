"""The tables of a .pdf document with ruled lines, by pdfplumber.

A cell that runs over a page end leaves a fragment on the next page: a row whose first cell is
empty and which leaves more cells empty than the row above. The two are joined, behind headings
that are printed again at the head of the page too.
"""

import io
from collections.abc import Iterator

import pdfplumber

from scrapers.documents.grid import GridRow, Table, even_ends, join_lines
from scrapers.documents.table import is_heading
from scrapers.errors import DocumentError, FilingsError
from scrapers.filing_number import digits_of

MAX_PAGES = 1_000


def pdf_tables(content: bytes) -> list[Table]:
    """The document's rows as one table.

    Raises DocumentError when the file is damaged or protected, or no page has a ruled table.
    """
    table: Table = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > MAX_PAGES:
                raise DocumentError(f"a .pdf file of over {MAX_PAGES:,} pages")
            for page in document.pages:
                _add_page(table, list(_page_rows(page)))
                page.close()
    except FilingsError:
        raise
    except Exception as error:  # pdfminer meets damaged files with errors of every kind
        raise DocumentError(f"a damaged or protected .pdf file ({error!r})") from error
    if not table:
        raise DocumentError(
            "a .pdf file without a ruled table",
            remedy="A scanned list cannot be read: ask for the document itself",
        )
    return [table]


def _add_page(table: Table, rows: list[GridRow]) -> None:
    """Go on with the table by the rows of another page."""
    if table and rows and is_heading(rows[0]) and rows[0] in table:
        rows = rows[1:]
    if table and rows and _is_fragment(rows[0], table[-1]):
        table[-1] = _joined(table[-1], rows[0])
        rows = rows[1:]
    table += rows


def _page_rows(page: pdfplumber.page.Page) -> Iterator[GridRow]:
    for table in page.extract_tables():
        for row in table:
            texts = (join_lines(text or "", between_words="") for text in row)
            yield GridRow(tuple(texts), even_ends(len(row)))


def _is_fragment(row: GridRow, above: GridRow) -> bool:
    """Whether a page's first row goes on with the last row of the page before.

    A whole row with a damaged number must not be taken for one, so the short cells decide: a
    fragment leaves more cells empty than a row does, the role at least.
    """
    if row.texts[0] or is_heading(above):
        return False
    # The number may be cut too, just behind its 网信算备: then the fragment has all its digits.
    if _has_number(row) and _has_number(above):
        return False
    return row.texts.count("") > above.texts.count("")


def _has_number(row: GridRow) -> bool:
    return any(digits_of(text) for text in row.texts)


def _joined(row: GridRow, fragment: GridRow) -> GridRow:
    if len(row.texts) != len(fragment.texts):
        raise DocumentError(
            f"a row of {len(row.texts)} cells goes on over a page end with {len(fragment.texts)}"
        )
    texts = (above + below for above, below in zip(row.texts, fragment.texts, strict=True))
    return GridRow(tuple(texts), row.ends)
