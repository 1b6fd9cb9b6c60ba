"""Documents written by a process of their own, while this one writes the others.

The workbook takes as long as the other documents together, and Python runs one thread at a time.
"""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

from orchestration.publication.context import DocumentWriter, ReleaseContext
from scrapers.errors import shortened

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Aside:
    """A process that writes a document, and what it prints on standard error."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]

    def reason(self) -> str:
        """Why the process ended: the last line that it printed, or its exit status."""
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").split("\n")
        return next(filter(None, map(str.strip, reversed(lines))), self._status)

    @property
    def _status(self) -> str:
        return f"exit status {self.process.returncode}"


MAX_REASON = 300
Started = Mapping[DocumentWriter, Aside]


@contextmanager
def started_aside(
    writers: Collection[DocumentWriter], context: ReleaseContext
) -> Iterator[Started]:
    """Start a process for each writer; those that are still running at the end are killed."""
    with ExitStack() as stack:
        processes = {}
        for write in writers:
            errors = stack.enter_context(tempfile.TemporaryFile())
            process = stack.enter_context(_process(errors))
            # Runs before the process is waited for.
            stack.callback(process.kill)
            processes[write] = Aside(process, errors)
            _send(process, write, context)
        yield processes


def finish(write: DocumentWriter, context: ReleaseContext, started: Started) -> None:
    """Wait for the process of a writer, or write the document here if it has none.

    A document whose process failed is written here too, so its error is raised as any other. If it
    succeeds here, only the warning says that the machine has a problem, such as too little memory.
    """
    aside = started.get(write)
    if aside is not None and aside.process.wait() == 0:
        return
    if aside is not None:
        _log.warning(
            "%s failed in a process of its own (%s) and is repeated in this one",
            write.__name__,
            shortened(aside.reason(), MAX_REASON),
        )
    write(context)


def _process(errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    # Ctrl-C on a terminal is sent to its whole process group; this process handles it.
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )


def _send(
    process: "subprocess.Popen[bytes]", write: DocumentWriter, context: ReleaseContext
) -> None:
    """Tell the process what to write. Its input stays open as long as this process lives."""
    if process.stdin is None:
        return
    try:
        pickle.dump((write, context), process.stdin)
        process.stdin.flush()
    except BrokenPipeError:
        # The process has ended; `finish` writes the document.
        return


def _write_aside() -> None:
    """Write the document that the parent process names, and end if the parent ends."""
    try:
        write, context = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the parent process only
        threading.Thread(target=_end_with_parent, daemon=True).start()
        write(context)
    except Exception as error:  # noqa: BLE001  reported by the parent process
        os.write(sys.stderr.fileno(), f"{type(error).__name__}: {error}".encode())
        os._exit(1)
    # Its files are closed. To take the objects of a workbook apart takes a while.
    os._exit(0)


def _end_with_parent() -> None:
    # Unbuffered: at its end, Python waits for the lock of a buffer that a thread reads from.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    _write_aside()
