"""A server on 127.0.0.1 that sends exactly the bytes it is given, valid HTTP or not.

    answers = {"/": answer(b"page"), "/moved": answer(b"", "302 Found", Location="/")}
    with RawServer(answers) as server:
        session.get(server.url + "/moved")

Header values may be bytes, such as a URL in GBK. Every answer closes the connection. An answer may
also be a `Drip`, which never ends.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from threading import Event, Thread
from types import TracebackType

PAUSE_SECONDS = 0.01


def answer(
    body: bytes = b"page",
    status: str = "200 OK",
    length: int | None = None,
    **headers: str | bytes,
) -> bytes:
    """A complete answer; Content-Length defaults to that of the body. `_` in names means `-`."""
    fields = {"Content_Length": str(len(body) if length is None else length), **headers}
    return b"".join(
        (
            f"HTTP/1.1 {status}\r\n".encode(),
            *(_field(name, value) for name, value in fields.items()),
            b"\r\n",
            body,
        )
    )


def chunked(*chunks: bytes, ends: bool = True, **headers: str) -> bytes:
    """A chunked answer, with or without the final chunk."""
    fields = {"Transfer_Encoding": "chunked", **headers}
    sent = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
    end = b"0\r\n\r\n" if ends else b""
    head = b"".join(_field(name, value) for name, value in fields.items())
    return b"".join((b"HTTP/1.1 200 OK\r\n", head, b"\r\n", *sent, end))


@dataclass(frozen=True)
class Drip:
    """An answer of `head` and then the pieces of `endless` in a loop, with a pause after each.

    Without pieces it sends nothing after `head`, and keeps the connection open.
    """

    head: bytes = b""
    endless: tuple[bytes, ...] = ()


class RawServer:
    """Answers by path, or with 404 for an unknown path. `paths` lists the requests in order.

    A `mute` server has an https URL, accepts connections and sends nothing.
    """

    def __init__(self, answers: Mapping[str, bytes | Drip], *, mute: bool = False) -> None:
        self.answers = dict(answers)
        self.paths: list[str] = []
        self._mute = mute
        self._ended = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if mute else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> "RawServer":
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        # A thread in accept() is not woken by close() alone.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        if self._mute:
            self._ended.wait()
            return
        path = _path_of(_head(connection))
        self.paths.append(path)
        chosen = self.answers.get(path, answer(b"none", "404 Not Found"))
        if isinstance(chosen, bytes):
            connection.sendall(chosen)
        else:
            self._drip(connection, chosen)

    def _drip(self, connection: socket.socket, drip: Drip) -> None:
        """Send until the client closes the connection or the test ends."""
        try:
            connection.sendall(drip.head)
            for piece in cycle(drip.endless or (b"",)):
                connection.sendall(piece)
                if self._ended.wait(PAUSE_SECONDS) or _has_hung_up(connection):
                    return
        except OSError:
            return


def _has_hung_up(connection: socket.socket) -> bool:
    """Whether the client has closed the connection, since it sends nothing after its request."""
    connection.settimeout(0)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(None)


def _field(name: str, value: str | bytes) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode("latin-1")
    return name.replace("_", "-").encode() + b": " + raw + b"\r\n"


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
        head += piece
    return head


def _path_of(head: bytes) -> str:
    return head.split(b" ", 2)[1].decode("latin-1") if head else ""
