"""Documents: the bytes of a list or a notice (.docx or .pdf) → its rows, by declared headings.

kinds     what a document is, by its first bytes
docx, pdf the cells of every table in it
layout    how a register's tables are laid out, as the register declares it
headings  the row of headings, and which layout it has
table     the cells → rows, by heading; strict
parsing   all of that in turn
reading   the same in a child process, with bounds on memory and time
child, messages
          the child's side of it, and what passes between the two

Nothing here knows a register.
"""

from collections.abc import Sequence

from scrapers.documents.kinds import document_kind
from scrapers.documents.layout import Column, KeyGrammar, TableLayout
from scrapers.documents.reading import DocumentReader
from scrapers.documents.table import DocumentTable, Row

__all__ = [
    "READER",
    "Column",
    "DocumentTable",
    "KeyGrammar",
    "Row",
    "TableLayout",
    "document_kind",
    "read_document",
]

READER = DocumentReader()


def read_document(content: bytes, layouts: Sequence[TableLayout]) -> DocumentTable:
    """The rows of a document, in its order; read in a child process, within its limits.

    Each of its tables has one of the layouts. Raises DocumentError when the bytes are not a
    readable document, or take too much memory or time to read, and TableError when its table is not
    the register's (an unknown, doubled or missing heading is named).
    """
    return READER.read(content, layouts)
