"""Documents: the bytes of a list or a cancellation notice (.docx or .pdf) → its rows, by heading.

kinds     what a document is, by its first bytes
docx, pdf the grid of cells of every table in it
table     the grid → rows, by the register's headings; strict
parsing   all of that in turn
reading   the same in a child process, with bounds on memory and time
child, messages
          the child's side of it, and what passes between the two
"""

from scrapers.documents.kinds import document_kind
from scrapers.documents.reading import DocumentReader
from scrapers.documents.table import (
    CANCELLATIONS,
    LIST,
    CancellationRow,
    CancellationTable,
    ListRow,
    ListTable,
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

READER = DocumentReader()


def read_list(content: bytes) -> ListTable:
    """The rows of a list, in its order; read in a child process, within its limits.

    Raises DocumentError when the bytes are not a readable document, or take too much memory or time
    to read, and TableError when its table is not the register's (an unknown, doubled or missing
    heading is named).
    """
    return READER.read(content, LIST)


def read_cancellations(content: bytes) -> CancellationTable:
    """The records of a cancellation notice, in its order. Raises as `read_list` does."""
    return READER.read(content, CANCELLATIONS)
