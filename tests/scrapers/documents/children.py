"""Child processes that evaluate an expression instead of reading documents."""

import os
import select
from collections.abc import Callable

from scrapers.documents import process
from scrapers.documents.reading import DocumentReader
from scrapers.documents.table import DocumentTable, Row

LONGEST_WAIT = 30.0
# Child processes of most tests load no readers, which takes most of their start. Instead of
# parsing, they evaluate an expression of `content`.
IMPORT_MAIN = "from scrapers.documents.child import main"
CHILD_WITHOUT_READERS = (
    "import os, sys, time; import scrapers.documents.child as child; "
    "from scrapers.documents.table import DocumentTable, Row; "
    "echo = lambda content: DocumentTable((Row(1, {{'content': content.decode()}}),)); "
    "child._load_readers = lambda: None; child.parse = lambda content, layouts: {expression}; "
    "{code}; "
)
ECHO = "echo(content)"
ENDLESS = "sum(iter(int, 1))"
ECHO_OR_ENDLESS = f"{ENDLESS} if content == b'endless' else {ECHO}"

MakeReader = Callable[..., DocumentReader]


def echoed(content: bytes) -> DocumentTable:
    return DocumentTable((Row(1, {"content": content.decode()}),))


def start_code(expression: str = ECHO, code: str = "pass") -> str:
    """The code of a child that evaluates an expression instead of parsing."""
    prefix = CHILD_WITHOUT_READERS.format(expression=expression, code=code)
    return process._START.replace(IMPORT_MAIN, prefix + IMPORT_MAIN)


def child_of(reader: DocumentReader) -> int:
    return reader._child._process.pid


def has_ended(pid: int) -> bool:
    """Whether a process ends within the longest wait."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], LONGEST_WAIT)[0])
    finally:
        os.close(handle)
