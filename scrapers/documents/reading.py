"""Read documents in a child process, with limits on memory and time.

No document can fill the memory of the machine or hang a run: one that exceeds a limit is refused
like any other document that cannot be read.
"""

import os
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.documents.layout import TableLayout
from scrapers.documents.messages import LAST, ReaderCrashError, framed, request_of, table_of
from scrapers.documents.process import EndedError, ReadingProcess
from scrapers.documents.table import DocumentTable
from scrapers.errors import DocumentError

# The child imports its readers within a second; a busy machine may take longer.
START_SECONDS = 15.0


@dataclass(frozen=True)
class Limits:
    """How much memory and time reading one document may take.

    `memory_bytes` limits the address space, of which the interpreter and the readers use some
    60 MB. macOS does not support this limit. `seconds` is elapsed time.
    """

    memory_bytes: int = 768 * 2**20
    seconds: float = 40.0


class LimitError(DocumentError):
    """Reading a document exceeds a limit on memory or time, or ends its process."""


class DocumentReader:
    """Reads documents one at a time in a child process, which it replaces when needed.

    Threads may share a reader.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: ReadingProcess | None = None
        _readers.add(self)

    def read(self, content: bytes, layouts: Sequence[TableLayout]) -> DocumentTable:
        """The rows of a document whose tables have these layouts.

        Raises DocumentError or TableError like `parse`, LimitError if a limit is exceeded, and
        ReaderCrashError if the reader has a bug.
        """
        with self._lock:
            reply = self._reply(framed(request_of(content, layouts)))
        try:
            return table_of(reply)
        except MemoryError:
            raise _over_limit(f"{self.limits.memory_bytes // 2**20:,} MB of memory") from None

    def close(self) -> None:
        """End the child process. The next document starts a new one."""
        with self._lock:
            self._stop()

    def _reply(self, request: bytes) -> bytes:
        deadline = time.monotonic() + self.limits.seconds
        try:
            return self._ask_child(request, deadline)
        except EndedError as ended:
            if not ended.signal_name:
                raise _ended_error(ended) from None
        # The signal may have nothing to do with the document, so try once more in a new process.
        try:
            return self._ask_child(request, deadline)
        except EndedError as ended:
            raise _ended_error(ended) from None

    def _ask_child(self, request: bytes, deadline: float) -> bytes:
        started = time.monotonic()
        child = self._ready_child()
        # The time limit of a document does not include the start of the child.
        deadline += time.monotonic() - started
        try:
            reply = child.exchange(request, deadline)
        except TimeoutError:
            self._stop()
            raise _over_limit(f"{self.limits.seconds:,g} seconds") from None
        except BaseException:
            self._stop()  # a late reply would answer the next request
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
                    f"the process that reads documents did not start within {START_SECONDS:g} "
                    "seconds",
                    remedy="The machine may be too busy. Try again",
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
        """Leave the child process to the process from which this one was forked."""
        self._lock = threading.Lock()
        if self._child is not None:
            self._child.detach()
            self._child = None


def _ended_error(ended: EndedError) -> Exception:
    """The error for a document whose process ended without a reply."""
    if ended.signal_name:
        return LimitError(
            f"the process that reads the document was ended by {ended.signal_name}",
            remedy="The document may need more memory than the machine has",
        )
    return ReaderCrashError(
        f"the process that reads documents exited with status {ended.code}:\n{ended.error_output}"
    )


def _over_limit(limit: str) -> LimitError:
    return LimitError(
        f"reading the document takes over {limit}",
        remedy="Check the document: published lists take a second. It may be damaged or hostile",
    )


_readers: "weakref.WeakSet[DocumentReader]" = weakref.WeakSet()


def _forget_children() -> None:
    for reader in list(_readers):
        reader.forget_child()


os.register_at_fork(after_in_child=_forget_children)
