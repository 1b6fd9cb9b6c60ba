"""How long a document takes to be read."""

import time

from scrapers.documents.parsing import tables_of
from scrapers.errors import DocumentError
from tests.support.tables import LIST_LAYOUTS

SECONDS = 10.0


def read_in_time(content: bytes) -> DocumentError | None:
    """The error of a document, if any; reading it must not take long."""
    started = time.process_time()
    try:
        tables_of(content, LIST_LAYOUTS)
    except DocumentError as error:
        refusal = error
    else:
        refusal = None
    assert time.process_time() - started < SECONDS
    return refusal
