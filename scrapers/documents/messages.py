"""What passes between a process and its child that reads documents, as bytes.

A message is its length in eight bytes, then so many bytes. A request is a pickle of the document
and the layouts of its tables. A reply is a sign, whether the child goes on after it, and then JSON:
the rows, the error of a document, or the traceback of a fault of the program. An empty message says
that the child is ready.
"""

import json
import pickle
import struct
from collections.abc import Sequence
from typing import Any

from scrapers.documents.layout import TableLayout
from scrapers.documents.table import DocumentTable, Row
from scrapers.errors import DocumentError, TableError

LENGTH = struct.Struct(">Q")
READY = b""
GOES_ON, LAST = b"+", b"."
OUT_OF_MEMORY = json.dumps({"limit": "memory"}).encode()

_ERRORS: dict[str, type[DocumentError]] = {
    error.__name__: error for error in (DocumentError, TableError)
}


class ReaderFault(RuntimeError):
    """The reader itself failed, which is a fault of the program; the text has its traceback."""


def framed(message: bytes) -> bytes:
    """A message with its length before it."""
    return LENGTH.pack(len(message)) + message


def request_of(content: bytes, layouts: Sequence[TableLayout]) -> bytes:
    # Parent and child are the same program, and the document is a string of bytes in the pickle:
    # nothing of the source's is unpickled.
    return pickle.dumps((content, tuple(layouts)), pickle.HIGHEST_PROTOCOL)


def read_request(message: bytes) -> tuple[bytes, tuple[TableLayout, ...]]:
    """The document, and the layouts that its tables have."""
    return pickle.loads(message)


def reply_with_table(table: DocumentTable) -> bytes:
    rows = [vars(row) for row in table.rows]
    return json.dumps({"rows": rows}).encode()


def reply_with_error(error: DocumentError) -> bytes:
    kind = "TableError" if isinstance(error, TableError) else "DocumentError"
    told = {"found": error.found, "row_no": error.row_no, "remedy": error.remedy}
    return json.dumps({"error": kind, **told}).encode()


def reply_with_fault(traceback: str) -> bytes:
    return json.dumps({"fault": traceback}).encode()


def table_of(reply: bytes) -> DocumentTable:
    """The rows that a reply holds.

    Raises the error that it holds instead: DocumentError or TableError, MemoryError where the
    document takes more memory than is given, ReaderFault where the program is at fault.
    """
    told: dict[str, Any] = json.loads(reply)
    if "rows" in told:
        return DocumentTable(tuple(Row(**row) for row in told["rows"]))
    if "error" in told:
        kind = _ERRORS[told["error"]]
        raise kind(told["found"], row_no=told["row_no"], remedy=told["remedy"])
    if "limit" in told:
        raise MemoryError
    raise ReaderFault(f"the reader of documents failed:\n{told['fault']}")
