"""Documents: the bytes of a list (.docx or .pdf) → its rows as strings, by heading.

kinds     what a document is, by its first bytes
docx, pdf the grid of cells of every table in it
table     the grid → rows, by the register's headings; strict
"""

from scrapers.documents.kinds import document_kind
from scrapers.documents.table import ListRow, ListTable, read_table

__all__ = ["ListRow", "ListTable", "document_kind", "read_list"]


def read_list(content: bytes) -> ListTable:
    """The rows of a list, in its order.

    Raises DocumentError when the bytes are no readable document, TableError when its table is
    not the register's (an unknown, doubled or missing heading is named).
    """
    # The readers are imported when needed: pdfplumber alone takes a quarter of a second.
    if document_kind(content) == "docx":
        from scrapers.documents.docx import docx_tables

        return read_table(docx_tables(content))
    from scrapers.documents.pdf import pdf_tables

    return read_table(pdf_tables(content))
