"""A request ends at its deadline in every phase, with every kind of slow server."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import SimpleNamespace

import pytest

from scrapers.errors import TransientFetchError
from scrapers.http import deadlines
from scrapers.http.addresses import Source
from scrapers.http.deadlines import Deadline
from scrapers.http.session import PoliteSession
from tests.scrapers.registers.scripted import Naps
from tests.support.raw_server import Drip, RawServer, answer, chunked

DEADLINE_SECONDS = 0.2
# Far below the socket timeouts of 10 and 30 seconds.
SOON_SECONDS = 5.0
OK = b"HTTP/1.1 200 OK\r\n"


def session_with(url: str, attempts: int = 1, seconds: float = DEADLINE_SECONDS) -> PoliteSession:
    return PoliteSession(
        Source(url, url),
        requests_per_second=0,
        attempts=attempts,
        deadline_seconds=seconds,
        sleep=Naps(),
    )


@contextmanager
def assert_ends_soon() -> Iterator[None]:
    """The block raises the error of the deadline, and not that of another timeout."""
    started = time.monotonic()
    with pytest.raises(
        TransientFetchError, match=r"no complete response within 0\.2 seconds \[http"
    ):
        yield
    assert time.monotonic() - started < SOON_SECONDS


DRIPS = {
    "silence": Drip(),
    "the status line": Drip(b"HTTP/1.1 200 ", (b"O",)),
    "a header line": Drip(OK + b"X: ", (b"y",)),
    "header lines": Drip(OK, (b"X: y\r\n",)),
    "silence after the header": Drip(OK + b"Content-Length: 9\r\n\r\n"),
    "1xx answers": Drip(b"", (b"HTTP/1.1 100 Continue\r\n\r\n",)),
    "a body of known length": Drip(OK + b"Content-Length: 1000000\r\n\r\n", (b"x",)),
    "a body without length": Drip(OK + b"\r\n", (b"x",)),
    "a packed body": Drip(
        OK
        + b"Content-Encoding: gzip\r\nContent-Length: 1000000\r\n\r\n"
        + gzip.compress(b"x")[:12],
        (b"\0",),
    ),
    "chunks": Drip(chunked(b"x", ends=False), (b"1\r\nx\r\n",)),
    "a chunk": Drip(chunked(b"x", ends=False) + b"fffff\r\n", (b"x",)),
    "the size of a chunk": Drip(chunked(b"x", ends=False), (b"0",)),
    "lines after the last chunk": Drip(chunked(b"x", ends=False) + b"0\r\n", (b"X: y\r\n",)),
    "the body of an error": Drip(b"HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\n", (b"x",)),
    "the header of a redirect": Drip(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n", (b"X: y\r\n",)),
}


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_request_ends_at_deadline_with_slow_server(drip):
    with RawServer({"/": drip}) as server:
        session = session_with(server.url)
        with assert_ends_soon():
            session.get(server.url + "/")
        session.close()


def test_request_ends_at_deadline_without_tls_handshake():
    with RawServer({}, mute=True) as server:
        session = session_with(server.url)
        with assert_ends_soon():
            session.get(server.url + "/")
        session.close()


def test_request_ends_at_deadline_during_dns_lookup(monkeypatch):
    found = Event()

    def look_up(*_: object, **__: object) -> list:
        found.wait(SOON_SECONDS)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    session = session_with("http://nowhere.test")
    with assert_ends_soon():
        session.get("http://nowhere.test/")
    found.set()


def test_connection_made_after_deadline_is_closed():
    late, ours = socket.socketpair()
    go, deadline = Event(), Deadline(0.01)

    def connect() -> socket.socket:
        go.wait(SOON_SECONDS)
        return ours

    with pytest.raises(TransientFetchError), deadline.running():
        deadline.connect(connect)
    go.set()
    late.settimeout(SOON_SECONDS)
    assert late.recv(1) == b""
    late.close()


def test_body_of_a_redirect_is_not_read():
    redirect = OK.replace(b"200 OK", b"302 Found") + b"Location: /b\r\nContent-Length: 1000\r\n\r\n"
    with RawServer({"/": Drip(redirect, (b"x",)), "/b": answer(b"page")}) as server:
        session = session_with(server.url)
        assert session.get(server.url + "/").content == b"page"
        session.close()


def test_redirects_share_one_deadline():
    hops = {f"/{n}": answer(b"", "302 Found", Location=f"/{n + 1}") for n in range(3)}
    with RawServer({**hops, "/3": Drip(OK, (b"X: y\r\n",))}) as server:
        session = session_with(server.url)
        with assert_ends_soon():
            session.get(server.url + "/0")
        session.close()
    assert server.paths == ["/0", "/1", "/2", "/3"]


def test_requests_of_a_session_share_its_total_time():
    """A wait between redirects is a part of it, and so is what earlier requests took."""
    answers = {"/": answer(b"", "302 Found", Location="/a"), "/a": Drip(), "/b": answer(b"page")}
    with RawServer(answers) as server:
        source = Source(server.url, server.url)
        session = PoliteSession(source, requests_per_second=5, attempts=1, total_seconds=0.4)
        started = time.monotonic()
        with pytest.raises(TransientFetchError, match=r"in the time left for all requests \[http"):
            session.get(server.url + "/")
        with pytest.raises(TransientFetchError, match=r"no time is left for this request \[http"):
            session.get(server.url + "/b")
        assert time.monotonic() - started < SOON_SECONDS
        session.close()
    assert server.paths == ["/", "/a"]


def test_time_between_blocks_does_not_count(monkeypatch):
    clock, intervals = [0.0], []

    class Recorded(threading.Timer):
        def __init__(self, interval: float, function: Callable[[], None]) -> None:
            super().__init__(60, function)
            intervals.append(interval)

    monkeypatch.setattr(deadlines, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(deadlines, "Timer", Recorded)
    deadline = Deadline(10)
    near, far = socket.socketpair()
    for _ in range(3):
        with deadline.running():
            clock[0] += 1
            deadline.watch(near)
            clock[0] += 2
        clock[0] += 100
    near.close()
    far.close()
    assert intervals == [9, 6, 3]


def test_request_is_retried_after_deadline():
    with RawServer({"/": Drip()}) as server:
        session = session_with(server.url, attempts=2)
        with assert_ends_soon():
            session.get(server.url + "/")
        session.close()
    assert server.paths == ["/", "/"]


def test_kept_alive_connection_gets_new_deadline():
    kept = answer(b"page")
    with RawServer({"/": Drip(kept)}) as server:
        session = session_with(server.url)
        assert session.get(server.url + "/").content == b"page"
        # The server does not respond to a second request on the same connection.
        with assert_ends_soon():
            session.get(server.url + "/")
        assert server.paths == ["/"]
        session.close()


def test_response_before_deadline_is_complete_and_leaves_no_timer():
    with RawServer({"/": chunked(b"pa", b"ge")}) as server:
        session = session_with(server.url, seconds=60)
        assert session.get(server.url + "/").content == b"page"
        session.close()
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(timer.finished.is_set() for timer in timers)


def test_failure_before_deadline_keeps_its_error():
    with RawServer({"/": answer(b"half", length=8)}) as server:
        session = session_with(server.url, seconds=60)
        with pytest.raises(TransientFetchError, match="cut off"):
            session.get(server.url + "/")
        session.close()
