"""Documents: the bytes of a list or a cancellation notice (.docx or .pdf) → its rows, by heading.

kinds     what a document is, by its first bytes
docx, pdf the grid of cells of every table in it
table     the grid → rows, by the register's headings; strict
"""

from scrapers.documents.grid import Table
from scrapers.documents.kinds import document_kind
from scrapers.documents.table import (
    CANCELLATIONS,
    LIST,
    CancellationRow,
    CancellationTable,
    ListRow,
    ListTable,
    read_table,
)

__all__ = [
    "CancellationRow",
    "CancellationTable",
    "ListRow",
    "ListTable",
    "document_kind",
    "read_cancellations",
    "read_list",
]


def read_list(content: bytes) -> ListTable:
    """The rows of a list, in its order.

    Raises DocumentError when the bytes are no readable document, TableError when its table is
    not the register's (an unknown, doubled or missing heading is named).
    """
    return read_table(_tables(content), LIST)


def read_cancellations(content: bytes) -> CancellationTable:
    """The records of a cancellation notice, in its order. Raises as `read_list` does."""
    return read_table(_tables(content), CANCELLATIONS)


def _tables(content: bytes) -> list[Table]:
    # The readers are imported when needed: pdfplumber alone takes a quarter of a second.
    if document_kind(content) == "docx":
        from scrapers.documents.docx import docx_tables

        return docx_tables(content)
    from scrapers.documents.pdf import pdf_tables

    return pdf_tables(content)
