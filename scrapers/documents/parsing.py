"""Bytes → rows, in this process and without a bound on time: what the child process runs.

Use `read_list` and `read_cancellations` of the package for anything that comes from the source.
"""

from scrapers.documents.cells import Table
from scrapers.documents.kinds import document_kind
from scrapers.documents.table import DocumentTable, Layout, Row, read_table


def parse(content: bytes, layout: Layout[Row]) -> DocumentTable[Row]:
    """The rows of a document. Raises DocumentError and TableError as `read_list` does."""
    return read_table(tables_of(content), layout)


def tables_of(content: bytes) -> list[Table]:
    """The grid of every table of a document. Raises DocumentError."""
    # The readers are imported when needed: pdfplumber alone takes a quarter of a second.
    if document_kind(content) == "docx":
        from scrapers.documents.docx import docx_tables

        return docx_tables(content)
    from scrapers.documents.pdf import pdf_tables

    return pdf_tables(content)
