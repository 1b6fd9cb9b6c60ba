"""The messages between a process and its child that reads documents, as bytes.

A message is its length in eight bytes, followed by its content. A request is a pickle of the
document and its layouts. A reply is one byte, which says whether the child continues, followed by
JSON: the rows, a document error, or the traceback of a bug. An empty message means that the child
is ready.
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
CONTINUES, LAST = b"+", b"."
OUT_OF_MEMORY = json.dumps({"limit": "memory"}).encode()

_ERRORS: dict[str, type[DocumentError]] = {
    error.__name__: error for error in (DocumentError, TableError)
}


class ReaderCrashError(RuntimeError):
    """The reader failed because of a bug. The message contains the traceback or error output."""


def framed(message: bytes) -> bytes:
    """A message preceded by its length."""
    return LENGTH.pack(len(message)) + message


def request_of(content: bytes, layouts: Sequence[TableLayout]) -> bytes:
    """The request to read a document whose tables have these layouts."""
    return pickle.dumps((content, tuple(layouts)), pickle.HIGHEST_PROTOCOL)


def read_request(message: bytes) -> tuple[bytes, tuple[TableLayout, ...]]:
    """The document of a request, and the layouts of its tables."""
    # Both processes run the same program, and the document is only a bytes object in the pickle:
    # nothing from the source is unpickled.
    request: tuple[bytes, tuple[TableLayout, ...]] = pickle.loads(message)  # noqa: S301
    return request


def reply_with_table(table: DocumentTable) -> bytes:
    """The reply for a document that was read."""
    rows = [vars(row) for row in table.rows]
    return json.dumps({"rows": rows}).encode()


def reply_with_error(error: DocumentError) -> bytes:
    """The reply for a document that cannot be read."""
    kind = "TableError" if isinstance(error, TableError) else "DocumentError"
    fields = {"found": error.found, "row_no": error.row_no, "remedy": error.remedy}
    return json.dumps({"error": kind, **fields}).encode()


def reply_with_traceback(traceback: str) -> bytes:
    """The reply for a bug in the reader."""
    return json.dumps({"traceback": traceback}).encode()


def table_of(reply: bytes) -> DocumentTable:
    """The rows in a reply.

    Raises the error in the reply, if any: DocumentError, TableError, MemoryError if the document
    needs more memory than the limit, or ReaderCrashError for a bug in the reader.
    """
    content: dict[str, Any] = json.loads(reply)
    if "rows" in content:
        return DocumentTable(tuple(Row(**row) for row in content["rows"]))
    if "error" in content:
        kind = _ERRORS[content["error"]]
        raise kind(content["found"], row_no=content["row_no"], remedy=content["remedy"])
    if "limit" in content:
        raise MemoryError
    raise ReaderCrashError(f"the document reader failed:\n{content['traceback']}")
