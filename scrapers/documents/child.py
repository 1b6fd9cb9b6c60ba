"""The child process that reads documents: one after another, each within bounds.

It is started by `reading` and ends with its parent, also in the middle of a document.
"""

import fcntl
import logging
import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scrapers.documents.messages import (
    GOES_ON,
    LAST,
    LENGTH,
    OUT_OF_MEMORY,
    READY,
    framed,
    read_request,
    reply_with_error,
    reply_with_fault,
    reply_with_table,
)
from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError

# A child that has grown larger than this (bytes), or has read so many documents, makes way for
# another one: what a large document leaves behind does not pile up.
LARGEST_AT_REST = 256 * 2**20
MOST_DOCUMENTS = 200
# The parent kills the child when the time is over; this long after it, the child ends itself.
GRACE_SECONDS = 5.0
LONGEST_FAULT = 8_000


def main() -> None:
    """Serve the parent at the other end of standard input and output until it closes them.

    The arguments are a list of module paths, the bytes of memory and the seconds per document.
    """
    memory_bytes, seconds = int(sys.argv[2]), float(sys.argv[3])
    requests, replies = os.dup(0), os.dup(1)
    # What a library prints must not pass for a reply.
    os.dup2(2, 1)
    logging.disable()
    _begin_with_usual_signals()
    _limit_memory(memory_bytes)
    _load_readers()
    _write(replies, READY)
    for number in range(1, MOST_DOCUMENTS + 1):
        message = _read(requests)
        if message is None:
            return
        with _ending_with_parent(requests, seconds + GRACE_SECONDS):
            reply = _reply_to(message)
        is_last = number == MOST_DOCUMENTS or reply == OUT_OF_MEMORY or _size() > LARGEST_AT_REST
        _write(replies, (LAST if is_last else GOES_ON) + reply)
        if is_last:
            return


def _reply_to(message: bytes) -> bytes:
    try:
        return reply_with_table(parse(*read_request(message)))
    except MemoryError:
        return OUT_OF_MEMORY
    except RecursionError:
        return reply_with_error(DocumentError("a document that is nested too deeply to be read"))
    except DocumentError as error:
        return reply_with_error(error)
    except Exception:
        return reply_with_fault(traceback.format_exc()[-LONGEST_FAULT:])


def _begin_with_usual_signals() -> None:
    """Undo what the parent has blocked or ignored, which a new process takes over."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGALRM, signal.SIGIO, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _limit_memory(memory_bytes: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    # macOS has no such limit.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load_readers() -> None:
    """Import both readers before the first document, so that its time is its own."""
    import scrapers.documents.docx
    import scrapers.documents.pdf


@contextmanager
def _ending_with_parent(requests: int, seconds: float) -> Iterator[None]:
    """End this process, also in the middle of reading, when the parent is gone or time is over.

    Nothing comes down the pipe while a document is read, so any event on it is its end: the
    kernel then sends SIGIO, which ends the process.
    """
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([requests], [], [], 0)[0]:
        sys.exit()  # the parent was gone before
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    fcntl.fcntl(requests, fcntl.F_SETFL, flags)


def _read(requests: int) -> bytes | None:
    """The next message; None where the parent has closed the pipe."""
    head = _read_bytes(requests, LENGTH.size)
    return None if head is None else _read_bytes(requests, LENGTH.unpack(head)[0])


def _read_bytes(requests: int, count: int) -> bytes | None:
    found = bytearray()
    while len(found) < count:
        piece = os.read(requests, min(count - len(found), 2**20))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _write(replies: int, message: bytes) -> None:
    unsent = memoryview(framed(message))
    while unsent:
        unsent = unsent[os.write(replies, unsent) :]


def _size() -> int:
    """The memory that this process takes now, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()
