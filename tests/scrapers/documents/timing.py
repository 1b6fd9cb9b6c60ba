"""The time that reading a document takes."""

import time

from scrapers.documents.cells import Table
from scrapers.documents.parsing import tables_of
from scrapers.errors import DocumentError
from tests.support.tables import LIST_LAYOUTS

SECONDS = 10.0


def tables_in_time(content: bytes, seconds: float = SECONDS) -> list[Table]:
    """The tables of a document, which must not take more processor time than this."""
    started = time.process_time()
    try:
        return tables_of(content, LIST_LAYOUTS)
    finally:
        assert time.process_time() - started < seconds


def read_in_time(content: bytes, seconds: float = SECONDS) -> DocumentError | None:
    """The error of a document, if any, which must not take more processor time than this."""
    try:
        tables_in_time(content, seconds)
    except DocumentError as error:
        return error
    return None
