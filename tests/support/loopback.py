"""The replica over real HTTP on 127.0.0.1, with configurable faults and a log of requests.

    with LoopbackSites(load_register()) as sites:
        session.get(sites.cac_url + sites.page_path(7))
        sites.break_with(sites.attachment_path(7), fail_times(2, status(503)))
        sites.heal()
        sites.register = with_new_batch(sites.register, 19, rows=5)

The notice list contains the addresses of the two servers. Faults are applied in the given order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import IO
from urllib.parse import unquote, urlsplit

from scrapers.replica.facts import Register
from scrapers.replica.pages import attachment_path
from scrapers.replica.site import NOTICE_LIST_PATH, Answer, Site
from tests.support import faults
from tests.support.faults import (
    ConnectionDroppedError,
    Dripped,
    Fault,
    corrupt,
    document_instead,
    drip_body,
    drip_header,
    drop_connection,
    empty_body,
    fail_times,
    firewall_page,
    html_instead,
    status,
)
from tests.support.registers import amend, with_new_batch, with_rows, with_second_address

__all__ = [
    "Fault",
    "LoggedRequest",
    "LoopbackSites",
    "amend",
    "corrupt",
    "document_instead",
    "drip_body",
    "drip_header",
    "drop_connection",
    "empty_body",
    "fail_times",
    "firewall_page",
    "html_instead",
    "status",
    "with_new_batch",
    "with_rows",
    "with_second_address",
]

# Slow enough that an answer of more than a few bytes exceeds the deadline of a test.
DRIP_SECONDS = 0.05

Match = Callable[[str], bool] | str


@dataclass(frozen=True)
class LoggedRequest:
    """One request: `host` is cac or beian, `path` as sent with its query."""

    host: str
    path: str
    headers: dict[str, str]


class LoopbackSites:
    """Both hosts of the source on free ports; a context manager."""

    def __init__(self, register: Register) -> None:
        self.log: list[LoggedRequest] = []
        # Most tests change what is served, which a "not modified" would hide.
        self.is_conditional = False
        self._faults: list[tuple[Match, Fault]] = []
        self._ended = Event()
        self._servers = {host: self._server(host) for host in ("cac", "beian")}
        self.cac_url = f"http://127.0.0.1:{self._servers['cac'].server_port}"
        self.beian_url = f"http://127.0.0.1:{self._servers['beian'].server_port}"
        self.register = register

    @property
    def register(self) -> Register:
        """The register that the sites serve; assign another to change it."""
        return self._site.register

    @register.setter
    def register(self, register: Register) -> None:
        self._site = Site(register, self.cac_url, self.beian_url)

    @property
    def notice_list_path(self) -> str:
        """The path of the notice list."""
        return NOTICE_LIST_PATH

    def page_path(self, batch_no: int) -> str:
        """The path of a batch's announcement page."""
        return self.register.announcement(batch_no).page_path

    def attachment_path(self, batch_no: int) -> str:
        """The path and query of a batch's attachment."""
        return attachment_path(self.register.announcement(batch_no))

    def break_with(self, match: Match, fault: Fault) -> None:
        """Answer with `fault` from now on if `match` fits the request.

        A text fits the path and query in any encoding, or every query if it has none. A function
        is called with path and query as sent.
        """
        self._faults.append((match, fault))

    def heal(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def paths(self, host: str) -> list[str]:
        """The paths requested from one host so far, in order and without queries."""
        return [urlsplit(r.path).path for r in self.log if r.host == host]

    def answer(self, host: str, method: str, path: str, headers: dict[str, str]) -> Answer:
        """The site's answer after the faults that match."""
        self.log.append(LoggedRequest(host, path, headers))
        base = self.cac_url if host == "cac" else self.beian_url
        sent = headers if self.is_conditional else _unconditional(headers)
        answer = self._site.answer(method, base + path, sent)
        for match, fault in list(self._faults):
            if _fits(match, path):
                answer = faults.apply(fault, answer)
        return answer

    def __enter__(self) -> "LoopbackSites":
        for server in self._servers.values():
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def _server(self, host: str) -> ThreadingHTTPServer:
        sites = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                try:
                    answer = sites.answer(host, self.command, self.path, dict(self.headers.items()))
                except ConnectionDroppedError:
                    return
                if isinstance(answer, Dripped) and answer.from_header:
                    self.wfile = _Dripping(self.wfile, sites._ended)
                # send_response() would add a Server header.
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                try:
                    self.end_headers()
                    if isinstance(answer, Dripped) and not answer.from_header:
                        self.wfile = _Dripping(self.wfile, sites._ended)
                    self.wfile.write(answer.body)
                except ConnectionError:
                    # The client has closed the connection.
                    self.close_connection = True

            do_HEAD = do_POST = do_GET  # noqa: N815  named by BaseHTTPRequestHandler

            def log_message(self, *_: object) -> None:
                """Print nothing: `sites.log` has every request."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def _unconditional(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "if-none-match"}


class _Dripping:
    """A stream that sends one byte at a time, until the sites are closed."""

    def __init__(self, stream: IO[bytes], ended: Event) -> None:
        self._stream, self._ended = stream, ended

    def write(self, content: bytes) -> None:
        for byte in content:
            self._stream.write(bytes([byte]))
            if self._ended.wait(DRIP_SECONDS):
                raise ConnectionAbortedError

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def _fits(match: Match, path: str) -> bool:
    if callable(match):
        return match(path)
    return unquote(match) in (unquote(path), unquote(urlsplit(path).path))
