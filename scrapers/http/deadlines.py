"""A total deadline for a network request, from the DNS lookup to the last byte.

A socket timeout only limits the wait between two bytes, so a server that sends one byte per second
never reaches it. Here a timer shuts down the connection at the deadline, in any phase: connecting,
TLS, status line, headers or body.
"""

import math
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Thread, Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool

from scrapers.errors import TransientFetchError


class Deadline:
    """The time that one request may take, including its redirects.

    The clock runs only inside `running()`, so waits between redirects do not count.
    """

    def __init__(self, seconds: float) -> None:
        self._limit = f"within {seconds:g} seconds"
        self._left = seconds
        self._ends_at = 0.0
        self._is_over = False
        self._handles: list[socket.socket] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    @contextmanager
    def running(self, at_most: float = math.inf) -> Iterator[None]:
        """Run the clock. Raises TransientFetchError if the time runs out within the block.

        `at_most` limits the seconds of the block, also if the request has more of them left. A
        connection that was shut down can look like a short but complete response, so the error is
        raised even if the block succeeds.
        """
        if at_most < self._left:
            self._limit = "in the time left for all requests"
        started = time.monotonic()
        self._ends_at = started + min(self._left, at_most)
        try:
            yield
        except Exception as error:
            if self._is_over:
                raise self._error() from error
            raise
        finally:
            self._left -= time.monotonic() - started
            self._release()
        if self._is_over:
            raise self._error()

    def connect(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """Call `connect`, and watch its connection. Raises TimeoutError at the deadline.

        `connect` runs in a separate thread, because a DNS lookup cannot be interrupted and a name
        may have many addresses, which are tried in turn. A connection made too late is closed.
        """
        pending: Future[socket.socket] = Future()
        Thread(target=_run, args=(connect, pending), daemon=True).start()
        try:
            connection = pending.result(timeout=max(0.0, self._ends_at - time.monotonic()))
        except TimeoutError:
            self._is_over = True
            pending.add_done_callback(_close)
            raise
        self.watch(connection)
        return connection

    def watch(self, connection: socket.socket) -> None:
        """Shut down this connection at the deadline."""
        # A duplicate, because TLS takes over the original, which may also be closed meanwhile.
        handle = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._handles.append(handle)
            if self._timer is None:
                self._timer = Timer(self._ends_at - time.monotonic(), self._shut_down_all)
                self._timer.daemon = True
                self._timer.start()

    def _shut_down_all(self) -> None:
        with self._lock:
            self._is_over = True
            for handle in self._handles:
                _shut_down(handle)

    def _release(self) -> None:
        if self._timer:
            self._timer.cancel()
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()
            self._timer = None

    def _error(self) -> TransientFetchError:
        return TransientFetchError(f"no complete response {self._limit}")


class DeadlineAdapter(HTTPAdapter):
    """A network adapter that applies its current `deadline` to every connection."""

    def __init__(self) -> None:
        super().__init__()
        self.deadline = Deadline(0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> ConnectionPool:
        """The connection pool of a request; the deadline applies to all its connections."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if isinstance(pool, HTTPConnectionPool) and "ConnectionCls" not in vars(pool):
            pool.ConnectionCls = _watched(pool.ConnectionCls, self)
        return pool


def _watched(connection: type[Any], adapter: DeadlineAdapter) -> type[Any]:
    """A subclass of a connection class, direct or through a proxy, that keeps to the deadline."""

    class Watched(connection):  # type: ignore[misc]  # The base class is chosen at run time.
        def _new_conn(self) -> socket.socket:
            return adapter.deadline.connect(super()._new_conn)

        def request(self, *args: Any, **kwargs: Any) -> None:
            # A kept-alive connection was made under the deadline of an earlier request.
            if self.sock is not None:
                adapter.deadline.watch(self.sock)
            super().request(*args, **kwargs)

    return Watched


def _run(connect: Callable[[], socket.socket], pending: Future[socket.socket]) -> None:
    try:
        pending.set_result(connect())
    except BaseException as error:  # noqa: BLE001 (the waiting thread raises it)
        pending.set_exception(error)


def _close(pending: Future[socket.socket]) -> None:
    if pending.exception() is None:
        pending.result().close()


def _shut_down(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # The connection is closed already.
