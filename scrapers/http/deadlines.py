"""A total deadline for a request over the network: from the look-up of the name to the last byte.

A socket's own timeout bounds the silence between two bytes, so a server that sends a byte per
second never meets it. Here a timer shuts the connection down when the time is over, in any phase:
connecting, TLS, status line, header, or body.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Thread, Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

from scrapers.errors import TransientFetchError


class Deadline:
    """The time that one request may take, all hops of its redirects together.

    The clock runs inside `running()` only, so that waits between the hops do not count.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._left = seconds
        self._ends_at = 0.0
        self._is_over = False
        self._handles: list[socket.socket] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raises TransientFetchError at the end of the block if the time ran out in it.

        A connection that was shut down looks like a short but whole answer at times, so nothing
        that the block brought counts then.
        """
        started = time.monotonic()
        self._ends_at = started + self._left
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

    def connected(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """The connection that `connect` makes, watched. Raises TimeoutError at the deadline.

        It is made in a thread of its own: a name's look-up cannot be interrupted, and a name may
        have many addresses, which are tried one by one. One that comes too late is closed.
        """
        made: Future[socket.socket] = Future()
        Thread(target=_settle, args=(made, connect), daemon=True).start()
        try:
            connection = made.result(timeout=max(0.0, self._ends_at - time.monotonic()))
        except TimeoutError:
            self._is_over = True
            made.add_done_callback(_close)
            raise
        self.watch(connection)
        return connection

    def watch(self, connection: socket.socket) -> None:
        """Have the connection shut down at the deadline."""
        # A handle of its own: TLS takes the first one over, and it may be closed meanwhile.
        handle = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._handles.append(handle)
            if self._timer is None:
                self._timer = Timer(self._ends_at - time.monotonic(), self._end)
                self._timer.daemon = True
                self._timer.start()

    def _end(self) -> None:
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
        return TransientFetchError(f"no whole answer within {self._seconds:g} seconds")


class DeadlineAdapter(HTTPAdapter):
    """The network, where each request ends with the deadline that is set on the adapter."""

    def __init__(self) -> None:
        super().__init__()
        self.deadline = Deadline(0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """The pool of a request's connections, all of which keep to the deadline."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if "ConnectionCls" not in vars(pool):
            pool.ConnectionCls = _watched(pool.ConnectionCls, self)
        return pool


def _watched(connection: type[HTTPConnection], adapter: DeadlineAdapter) -> type[HTTPConnection]:
    """The kind of connection, direct or through a proxy, under the adapter's deadline."""

    class Watched(connection):  # type: ignore[valid-type, misc]
        def _new_conn(self) -> socket.socket:
            return adapter.deadline.connected(super()._new_conn)

        def request(self, *args: Any, **kwargs: Any) -> None:
            # One that was kept open was made under the deadline of an earlier request.
            if self.sock is not None:
                adapter.deadline.watch(self.sock)
            super().request(*args, **kwargs)

    return Watched


def _settle(made: Future[socket.socket], connect: Callable[[], socket.socket]) -> None:
    try:
        made.set_result(connect())
    except BaseException as error:
        made.set_exception(error)


def _close(made: Future[socket.socket]) -> None:
    if made.exception() is None:
        made.result().close()


def _shut_down(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It has ended by itself.
