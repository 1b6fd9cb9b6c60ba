"""The child process that reads documents, as seen by its parent."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
import weakref
from typing import IO, NamedTuple

from scrapers.documents.messages import LENGTH, ReaderCrashError

# In bytes. The limits on tables are well below this; a longer reply is refused.
LONGEST_REPLY = 256 * 2**20
# The end of the child's standard error that is kept for the error message, in bytes.
MAX_ERROR_OUTPUT = 8_000
# The child uses its parent's module path, so it works in a checkout and in an installed package.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from scrapers.documents.child import main; main()"
)


class EndedError(Exception):
    """The child ended without a reply. `signal_name` names the signal that ended it, if any."""

    def __init__(self, code: int, error_output: str) -> None:
        super().__init__(code)
        self.code = code
        self.signal_name = signal.Signals(-code).name if code < 0 else ""
        self.error_output = error_output


class _Pipes(NamedTuple):
    """The parent's ends of the pipes to a child."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def close(self) -> None:
        for pipe in self:
            pipe.close()


class ReadingProcess:
    """A child process that reads documents, and the pipes to it."""

    def __init__(self, memory_bytes: int, seconds: float) -> None:
        path = [entry for entry in sys.path if isinstance(entry, str)]
        arguments = (json.dumps(path), str(memory_bytes), str(seconds))
        # A new session keeps Ctrl-C from the child, which ends when this process does. Open files
        # of this process, such as locks, are closed in the child.
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            close_fds=True,
            start_new_session=True,
        )
        self._process = process
        self._pipes = _pipes_of(process)
        self._end = weakref.finalize(self, _end_process, process, self._pipes)
        self._error_output = b""
        os.set_blocking(self._pipes.stdin.fileno(), False)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def exchange(self, request: bytes, deadline: float) -> bytes:
        """Send a request, which may be empty, and receive one message.

        Raises TimeoutError at the deadline (of time.monotonic), and EndedError if the child ends.
        The child's standard error is read too, so that the child never blocks on it.
        """
        pipes, unsent, reply = self._pipes, memoryview(request), bytearray()
        with selectors.DefaultSelector() as selector:
            if unsent:
                selector.register(pipes.stdin, selectors.EVENT_WRITE)
            selector.register(pipes.stdout, selectors.EVENT_READ)
            selector.register(pipes.stderr, selectors.EVENT_READ)
            while not _is_whole(reply):
                seconds = deadline - time.monotonic()
                if seconds <= 0:
                    raise TimeoutError
                for key, _ in selector.select(seconds):
                    if key.fileobj is pipes.stdin:
                        unsent = self._send(unsent)
                        if not unsent:
                            selector.unregister(pipes.stdin)
                    elif key.fileobj is pipes.stdout:
                        piece = os.read(key.fd, 2**20)
                        if not piece:
                            raise self._ended_error()
                        reply += piece
                    elif not self._read_error_output():
                        selector.unregister(pipes.stderr)
        return bytes(reply[LENGTH.size :])

    def _send(self, unsent: memoryview) -> memoryview:
        """Write as much as the pipe accepts, and return the rest.

        If the child has ended, the next read from it notices.
        """
        try:
            return unsent[os.write(self._pipes.stdin.fileno(), unsent) :]
        except BrokenPipeError:
            return unsent[:0]

    def _read_error_output(self) -> bool:
        """Keep the end of the child's standard error. Returns whether there may be more."""
        piece = os.read(self._pipes.stderr.fileno(), 2**16)
        self._error_output = (self._error_output + piece)[-MAX_ERROR_OUTPUT:]
        return bool(piece)

    def _ended_error(self) -> EndedError:
        while self._read_error_output():
            pass
        code = self._process.wait()
        return EndedError(code, self._error_output.decode(errors="replace"))

    def stop(self) -> None:
        """End the process if it is running."""
        self._end()

    def detach(self) -> None:
        """Close this process's ends of the pipes to a child that belongs to another process."""
        self._end.detach()
        self._pipes.close()
        self._process.returncode = 0  # only its parent can wait for it


def _is_whole(reply: bytearray) -> bool:
    if len(reply) < LENGTH.size:
        return False
    length: int = LENGTH.unpack_from(reply)[0]
    if length > LONGEST_REPLY:
        raise ReaderCrashError(
            f"the process that reads documents sent a reply of {length:,} bytes; the limit is "
            f"{LONGEST_REPLY:,}"
        )
    return len(reply) >= LENGTH.size + length


def _pipes_of(process: subprocess.Popen[bytes]) -> _Pipes:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("the process was started without pipes")
    return _Pipes(process.stdin, process.stdout, process.stderr)


def _end_process(process: subprocess.Popen[bytes], pipes: _Pipes) -> None:
    process.kill()
    pipes.close()
    process.wait()
