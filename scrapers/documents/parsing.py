"""Read a document into rows in the current process, without limits on memory and time.

The child process runs this. Use `scrapers.documents.read_document` for anything from the source.
"""

from collections.abc import Sequence

from scrapers.documents.cells import Table
from scrapers.documents.kinds import document_kind
from scrapers.documents.layout import TableLayout
from scrapers.documents.table import DocumentTable, read_table


def parse(content: bytes, layouts: Sequence[TableLayout]) -> DocumentTable:
    """The rows of a document. Raises DocumentError and TableError like `read_document`."""
    return read_table(tables_of(content, layouts), layouts)


def tables_of(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """The cells of every table of a document. Raises DocumentError."""
    # The readers are imported when needed: pdfplumber alone takes a quarter of a second.
    if document_kind(content) == "docx":
        from scrapers.documents.docx import docx_tables

        return docx_tables(content, layouts)
    from scrapers.documents.pdf import pdf_tables

    return pdf_tables(content, layouts)
