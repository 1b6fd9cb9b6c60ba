"""Documents are read in a child process, within bounds of memory and time.

Whatever the source sends, reading it neither fills the memory of the machine nor holds a run: a
document that takes too much is refused like any other that cannot be read.
"""

import os
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.documents.layout import TableLayout
from scrapers.documents.messages import LAST, ReaderFault, framed, request_of, table_of
from scrapers.documents.process import EndedError, ReadingProcess
from scrapers.documents.table import DocumentTable
from scrapers.errors import DocumentError

# The readers of the child import within a second; a busy machine may take longer.
START_SECONDS = 15.0


@dataclass(frozen=True)
class Limits:
    """What reading one document may take.

    `memory_bytes` are of address space, of which the interpreter and the readers take some 60 MB;
    macOS cannot limit it, so there only the time is bounded. `seconds` are of the clock.
    """

    memory_bytes: int = 768 * 2**20
    seconds: float = 40.0


class LimitError(DocumentError):
    """Reading a document takes more memory or time than is given, or ends its process."""


class DocumentReader:
    """Reads documents in one child process after another. Threads may share it; it reads one
    document at a time.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: ReadingProcess | None = None
        _readers.add(self)

    def read(self, content: bytes, layouts: Sequence[TableLayout]) -> DocumentTable:
        """The rows of a document whose tables have these layouts.

        Raises DocumentError or TableError as the readers do, LimitError when a bound is reached,
        ReaderFault when the program is at fault.
        """
        with self._lock:
            reply = self._reply(framed(request_of(content, layouts)))
        try:
            return table_of(reply)
        except MemoryError:
            raise _beyond(f"{self.limits.memory_bytes // 2**20:,} MB of memory") from None

    def close(self) -> None:
        """End the child process; the next document starts another one."""
        with self._lock:
            self._stop()

    def _reply(self, request: bytes) -> bytes:
        deadline = time.monotonic() + self.limits.seconds
        try:
            return self._reply_of_a_child(request, deadline)
        except EndedError as ended:
            if not ended.signal_name:
                raise _ended(ended) from None
        # Somebody else may have ended the process, so one more is asked.
        try:
            return self._reply_of_a_child(request, deadline)
        except EndedError as ended:
            raise _ended(ended) from None

    def _reply_of_a_child(self, request: bytes, deadline: float) -> bytes:
        started = time.monotonic()
        child = self._ready_child()
        # That it had to start is not the document's fault.
        deadline += time.monotonic() - started
        try:
            reply = child.exchange(request, deadline)
        except TimeoutError:
            self._stop()
            raise _beyond(f"{self.limits.seconds:,g} seconds") from None
        except BaseException:
            self._stop()  # what it may still answer is not waited for
            raise
        if reply[:1] == LAST:
            self._stop()
        return reply[1:]

    def _ready_child(self) -> ReadingProcess:
        if self._child is None or self._child.has_ended():
            self._child = ReadingProcess(self.limits.memory_bytes, self.limits.seconds)
            try:
                self._child.exchange(b"", time.monotonic() + START_SECONDS)
            except TimeoutError:
                self._stop()
                raise LimitError(
                    f"the process that reads documents takes over {START_SECONDS:g} seconds to "
                    "start",
                    remedy="The machine may be too busy: try again",
                ) from None
            except BaseException:
                self._stop()
                raise
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def forget_child(self) -> None:
        """Leave the child process to the process that this one was forked from."""
        self._lock = threading.Lock()
        if self._child is not None:
            self._child.leave()
            self._child = None


def _ended(ended: EndedError) -> Exception:
    """The error for a document whose process ended without a reply."""
    if ended.signal_name:
        return LimitError(
            f"reading the document ended the process that reads it ({ended.signal_name})",
            remedy="It may take more memory than the machine has",
        )
    return ReaderFault(
        f"the process that reads documents ended with status {ended.code}:\n{ended.last_words}"
    )


def _beyond(limit: str) -> LimitError:
    return LimitError(
        f"reading the document takes over {limit}",
        remedy="Look at it: lists as published take a second. It may be damaged or hostile",
    )


_readers: "weakref.WeakSet[DocumentReader]" = weakref.WeakSet()


def _forget_children() -> None:
    for reader in list(_readers):
        reader.forget_child()


os.register_at_fork(after_in_child=_forget_children)
