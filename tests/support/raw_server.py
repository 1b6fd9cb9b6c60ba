"""A server on 127.0.0.1 that sends exactly the bytes it is given, right or wrong.

    answers = {"/": answer(b"page"), "/moved": answer(b"", "302 Found", Location="/")}
    with RawServer(answers) as server:
        session.get(server.url + "/moved")

Header values may be bytes, such as an address in GBK. Every answer ends the connection.
"""

import socket
from collections.abc import Mapping
from threading import Thread
from types import TracebackType


def answer(
    body: bytes = b"page",
    status: str = "200 OK",
    length: int | None = None,
    **headers: str | bytes,
) -> bytes:
    """A whole answer; Content-Length is that of the body unless given. `_` in a name means `-`."""
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
    """An answer in chunks, with or without the last one that ends it."""
    fields = {"Transfer_Encoding": "chunked", **headers}
    sent = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
    end = b"0\r\n\r\n" if ends else b""
    head = b"".join(_field(name, value) for name, value in fields.items())
    return b"".join((b"HTTP/1.1 200 OK\r\n", head, b"\r\n", *sent, end))


class RawServer:
    """Answers by path; an unknown path gets a 404. `paths` holds those asked for, in order."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.answers = dict(answers)
        self.paths: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> "RawServer":
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
                path = _path_of(_head(connection))
                self.paths.append(path)
                connection.sendall(self.answers.get(path, answer(b"none", "404 Not Found")))


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
