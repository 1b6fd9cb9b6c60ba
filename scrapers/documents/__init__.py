"""Read the bytes of a list or a notice (.docx or .pdf) into rows, by declared headings.

kinds      the kind of a document, from its first bytes
docx, pdf  the cells of every table in a document
layout     how a register declares the layout of its tables
headings   the heading row, and the layouts that it fits
titles     the titles above tables, which name their layouts
layout_choice
           the layout of a table whose headings fit several
table      cells → rows, by heading; strict
parsing    all of these steps, in the current process
reading    the same in a child process, with limits on memory and time
process, child, messages
           the child process as seen by its parent, its own code, and the messages between them

Nothing here depends on a register.
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
    """Read the rows of a document, in order, in a child process with limits on memory and time.

    Each of its tables has one of the layouts. Raises DocumentError if the bytes are not a readable
    document or take too much memory or time to read, and TableError if a table matches none of the
    layouts; the message names an unknown, duplicate or missing heading.
    """
    return READER.read(content, layouts)
