"""Documents written by a process of their own, while this one writes the others.

The workbook takes as long as the other documents together, and Python runs one thread at a time.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from orchestration.publication.context import DocumentWriter, ReleaseContext

Started = Mapping[DocumentWriter, subprocess.Popen[bytes]]


@contextmanager
def started_aside(
    writers: Collection[DocumentWriter], context: ReleaseContext
) -> Iterator[Started]:
    """Start a process for each writer; those that are still running at the end are killed."""
    with ExitStack() as stack:
        processes = {}
        for write in writers:
            process = stack.enter_context(_process())
            # Runs before the process is waited for.
            stack.callback(process.kill)
            processes[write] = process
            _send(process, write, context)
        yield processes


def finish(write: DocumentWriter, context: ReleaseContext, started: Started) -> None:
    """Wait for the process of a writer, or write the document here if it has none.

    A document whose process failed is written here too, so its error is raised as any other.
    """
    process = started.get(write)
    if process is None or process.wait() != 0:
        write(context)


def _process() -> "subprocess.Popen[bytes]":
    # Ctrl-C on a terminal is sent to its whole process group; this process handles it.
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
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
    write, context = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the parent process only
    threading.Thread(target=_end_with_parent, daemon=True).start()
    write(context)


def _end_with_parent() -> None:
    # Unbuffered: at its end, Python waits for the lock of a buffer that a thread reads from.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    _write_aside()
