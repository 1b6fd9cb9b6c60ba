"""The child process that reads documents, one after another, each within limits.

`reading` starts it. It ends with its parent, even in the middle of a document.
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
from importlib import import_module
from pathlib import Path

from scrapers.documents.kinds import MEDIA_TYPES
from scrapers.documents.messages import (
    CONTINUES,
    LAST,
    LENGTH,
    OUT_OF_MEMORY,
    READY,
    framed,
    read_request,
    reply_with_error,
    reply_with_table,
    reply_with_traceback,
)
from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError

# A child that uses more memory than this (in bytes) after a document, or has read this many
# documents, is replaced. So the memory that large documents leave behind does not accumulate.
LARGEST_AT_REST = 256 * 2**20
MAX_DOCUMENTS = 200
# The parent kills the child at the time limit. If it does not, the child ends itself after these.
GRACE_SECONDS = 5.0
# The end of a traceback that is sent to the parent, in characters.
MAX_TRACEBACK = 8_000


def main() -> None:
    """Serve the parent over standard input and output until it closes them.

    The program's arguments are the module path as JSON, the memory limit in bytes, and the time
    limit per document in seconds.
    """
    memory_bytes, seconds = int(sys.argv[2]), float(sys.argv[3])
    requests, replies = os.dup(0), os.dup(1)
    # Output that a library prints must not mix with replies.
    os.dup2(2, 1)
    logging.disable()
    _reset_signals()
    _limit_memory(memory_bytes)
    _load_readers()
    _write(replies, READY)
    for number in range(1, MAX_DOCUMENTS + 1):
        message = _read(requests)
        if message is None:
            return
        with _ending_with_parent(requests, seconds + GRACE_SECONDS):
            reply = _reply_to(message)
        is_last = (
            number == MAX_DOCUMENTS or reply == OUT_OF_MEMORY or _memory_in_use() > LARGEST_AT_REST
        )
        _write(replies, (LAST if is_last else CONTINUES) + reply)
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
    except Exception:  # noqa: BLE001 (any bug is reported to the parent)
        return reply_with_traceback(traceback.format_exc()[-MAX_TRACEBACK:])


def _reset_signals() -> None:
    """Unblock and restore signals: a new process inherits what its parent blocks or ignores."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGALRM, signal.SIGIO, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _limit_memory(memory_bytes: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    # macOS does not support this limit.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load_readers() -> None:
    """Import both readers before the first document, whose time limit does not include that."""
    for kind in MEDIA_TYPES:
        import_module(f"scrapers.documents.{kind}")


@contextmanager
def _ending_with_parent(requests: int, seconds: float) -> Iterator[None]:
    """End this process, even in the middle of a document, if its parent ends or time is over.

    The parent sends nothing while a document is read, so any event on the pipe means that it is
    closed. The kernel then sends SIGIO, which ends the process.
    """
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([requests], [], [], 0)[0]:
        sys.exit()  # the parent has ended already
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    fcntl.fcntl(requests, fcntl.F_SETFL, flags)


def _read(requests: int) -> bytes | None:
    """The next message, or None if the parent has closed the pipe."""
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


def _memory_in_use() -> int:
    """The resident memory of this process in bytes, or 0 if the system does not report it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()
