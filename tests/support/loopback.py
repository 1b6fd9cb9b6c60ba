"""The replica over real HTTP on 127.0.0.1, with faults to order and a log of requests.

    with LoopbackSites(load_register()) as sites:
        session.get(sites.cac_url + sites.page_path(7))
        sites.break_with(sites.attachment_path(7), fail_times(2, status(503)))
        sites.heal()
        sites.register = made_up_batch(sites.register, 19, rows=5)

The notice list carries the two servers' addresses. Faults are applied in the order given.
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
    ConnectionDropped,
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

# Slow enough that no answer of more than a few bytes is whole before a test's deadline.
DRIP_SECONDS = 0.05

Match = Callable[[str], bool] | str


@dataclass(frozen=True)
class LoggedRequest:
    """One request: `host` is cac or beian, `path` as sent with its query."""

    host: str
    path: str
    headers: dict[str, str]


class LoopbackSites:
    """Both hosts on free ports, as a context manager."""

    def __init__(self, register: Register) -> None:
        self.log: list[LoggedRequest] = []
        self._faults: list[tuple[Match, Fault]] = []
        self._ended = Event()
        self._servers = {host: self._server(host) for host in ("cac", "beian")}
        self.cac_url = f"http://127.0.0.1:{self._servers['cac'].server_port}"
        self.beian_url = f"http://127.0.0.1:{self._servers['beian'].server_port}"
        self.register = register

    @property
    def register(self) -> Register:
        """What the sites say; set it to have them say something else from now on."""
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
        """From now on answer with `fault` where `match` fits the path.

        A text fits the same path with the same query (however encoded), or, if it has none, with
        any; a function is given path and query as sent.
        """
        self._faults.append((match, fault))

    def heal(self) -> None:
        """End all faults."""
        self._faults.clear()

    def paths(self, host: str) -> list[str]:
        """The paths asked of one host so far, in order and without queries."""
        return [urlsplit(r.path).path for r in self.log if r.host == host]

    def answer(self, host: str, method: str, path: str, headers: dict[str, str]) -> Answer:
        """What a server says: the site's answer, after the faults that match."""
        self.log.append(LoggedRequest(host, path, headers))
        base = self.cac_url if host == "cac" else self.beian_url
        answer = self._site.answer(method, base + path, headers)
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
                except ConnectionDropped:
                    return
                if isinstance(answer, Dripped) and answer.from_header:
                    self.wfile = _Dripping(self.wfile, sites._ended)
                # not send_response: it would add a Server header of its own
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
                    # The client would not wait for the end.
                    self.close_connection = True

            do_HEAD = do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output clean; `sites.log` has it."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


class _Dripping:
    """A stream that sends a byte at a time, until the sites end."""

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
