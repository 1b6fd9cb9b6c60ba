"""The child process that reads documents, as its parent sees it."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
import weakref

from scrapers.documents.messages import LENGTH, ReaderFault

# The rows of a table are bounded well below this; no more of a reply is taken in.
LONGEST_REPLY = 256 * 2**20
# The end of what the child has printed on its way out, for the message of a fault.
LAST_WORDS = 8_000
# The module path of the parent is the child's, in a checkout and in an installed package alike.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from scrapers.documents.child import main; main()"
)


class EndedError(Exception):
    """The child ended without a reply; `signal_name` is that of the signal that ended it."""

    def __init__(self, code: int, last_words: str) -> None:
        super().__init__(code)
        self.code = code
        self.signal_name = signal.Signals(-code).name if code < 0 else ""
        self.last_words = last_words


class ReadingProcess:
    """The child process, and what passes between it and this one."""

    def __init__(self, memory_bytes: int, seconds: float) -> None:
        path = [entry for entry in sys.path if isinstance(entry, str)]
        arguments = (json.dumps(path), str(memory_bytes), str(seconds))
        # In a session of its own no Ctrl-C reaches it: it ends when this process does. No file of
        # this process, a lock least of all, is open in it.
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
        self._end = weakref.finalize(self, _end_process, process)
        self._last_words = b""
        os.set_blocking(process.stdin.fileno(), False)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def exchange(self, request: bytes, deadline: float) -> bytes:
        """Send a request, which may be empty, and take in one message.

        Raises TimeoutError past the deadline, EndedError when the child ends. What the child
        prints is taken in too, so that it never waits for that.
        """
        process, unsent, reply = self._process, memoryview(request), bytearray()
        with selectors.DefaultSelector() as selector:
            if unsent:
                selector.register(process.stdin, selectors.EVENT_WRITE)
            selector.register(process.stdout, selectors.EVENT_READ)
            selector.register(process.stderr, selectors.EVENT_READ)
            while not _is_whole(reply):
                seconds = deadline - time.monotonic()
                if seconds <= 0:
                    raise TimeoutError
                for key, _ in selector.select(seconds):
                    if key.fileobj is process.stdin:
                        unsent = self._send(unsent)
                        if not unsent:
                            selector.unregister(process.stdin)
                    elif key.fileobj is process.stdout:
                        piece = os.read(key.fd, 2**20)
                        if not piece:
                            raise self._ended()
                        reply += piece
                    elif not self._hear():
                        selector.unregister(process.stderr)
        return bytes(reply[LENGTH.size :])

    def _send(self, unsent: memoryview) -> memoryview:
        """Send what the pipe takes; the rest of it. That a child is gone shows when it is read."""
        try:
            return unsent[os.write(self._process.stdin.fileno(), unsent) :]
        except BrokenPipeError:
            return unsent[:0]

    def _hear(self) -> bool:
        """Keep the end of what the child prints; whether there may be more."""
        piece = os.read(self._process.stderr.fileno(), 2**16)
        self._last_words = (self._last_words + piece)[-LAST_WORDS:]
        return bool(piece)

    def _ended(self) -> EndedError:
        while self._hear():
            pass
        code = self._process.wait()
        return EndedError(code, self._last_words.decode(errors="replace"))

    def stop(self) -> None:
        """End the process, if it has not ended."""
        self._end()

    def leave(self) -> None:
        """Close this process's ends of the pipes; the child is another process's."""
        self._end.detach()
        _close_pipes(self._process)
        self._process.returncode = 0  # of a process that is not ours nothing is to be waited for


def _is_whole(reply: bytearray) -> bool:
    if len(reply) < LENGTH.size:
        return False
    length = LENGTH.unpack_from(reply)[0]
    if length > LONGEST_REPLY:
        raise ReaderFault(f"a reply of {length:,} bytes from the process that reads documents")
    return len(reply) >= LENGTH.size + length


def _end_process(process: subprocess.Popen) -> None:
    process.kill()
    _close_pipes(process)
    process.wait()


def _close_pipes(process: subprocess.Popen) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()
