"""Sends messages to the addresses that the operator has configured.

An address of http or https gets a POST with JSON. All others, such as `mailto://` and `slack://`,
are addresses of apprise, which is an optional package.
"""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies, select_proxy

from scrapers.errors import FilingsError

CONNECT_SECONDS = 5
# Between two attempts.
WAIT_SECONDS = 2
_PASSING = {408, 429, 500, 502, 503, 504}
_log = logging.getLogger(__name__)


class SendingError(FilingsError):
    """A message could not be sent. The text names the host, never the address with its secrets."""


class _PassingError(Exception):
    """The message did not arrive, but may if it is sent again."""


class _NoPassword(AuthBase):
    """Keeps requests from adding a password of the netrc file of the user."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Sender:
    """Sends messages until `seconds` have passed, repeating each up to `attempts` times.

    A message is not repeated if it may have arrived: a slow receiver would get it several times.
    """

    def __init__(self, seconds: float, attempts: int = 1) -> None:
        self._deadline = time.monotonic() + seconds
        self._attempts = attempts

    def post(self, address: str, message: Mapping[str, Any]) -> None:
        """Send a message, which has a `title` and a `text`. Raises SendingError."""
        if urlsplit(address).scheme in ("http", "https"):
            body = json.dumps(message, ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json; charset=utf-8"}
            self._repeat(address, partial(_request, "POST", address, body=body, headers=headers))
        else:
            # apprise does not say what it has done so far.
            self._within(address, lambda _: _notify(address, message))

    def ping(self, address: str) -> None:
        """Send a GET to an address of http or https. Raises SendingError."""
        self._repeat(address, partial(_request, "GET", address))

    def _repeat(self, address: str, request: Callable[[float, threading.Event], None]) -> None:
        for attempt in range(1, self._attempts + 1):
            try:
                self._within(address, lambda is_found: request(self._left, is_found))
            except _PassingError as error:
                if attempt == self._attempts or self._left < WAIT_SECONDS:
                    raise _failed(address, str(error)) from None
                time.sleep(WAIT_SECONDS)
            else:
                return

    @property
    def _left(self) -> float:
        return max(self._deadline - time.monotonic(), 0)

    def _within(self, address: str, work: Callable[[threading.Event], None]) -> None:
        """Do the work in the time that is left. It sets the event when the host is found.

        Work that does not end before that counts as failed. After that, the message is on its way
        to a slow receiver, which would get it again with each report.
        """
        if not self._left:
            raise _failed(address, "no time left; the next report sends it")
        errors: list[BaseException] = []
        is_found = threading.Event()

        def run() -> None:
            try:
                work(is_found)
            except BaseException as error:  # noqa: BLE001  raised again by the caller's thread
                errors.append(error)

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        worker.join(self._left)
        if worker.is_alive() and is_found.is_set():
            _log.warning("%s did not answer in time", _host(address))
            return
        if worker.is_alive():
            raise _failed(address, "it took too long; the next report sends it")
        if errors:
            raise errors[0]


def _request(
    method: str,
    address: str,
    seconds: float,
    is_found: threading.Event,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a request. A receiver that cannot be connected to is known before `seconds` are over."""
    started = time.monotonic()
    try:
        found = _count_addresses(address)
        left = max(seconds - (time.monotonic() - started), 0.1)
        is_found.set()
        with requests.request(
            method,
            address,
            data=body,
            headers=headers,
            # Each address of the receiver is tried for this long.
            timeout=(min(CONNECT_SECONDS, left / 2) / found, left / 2),
            auth=_login(address),
            # A redirected POST would arrive as a GET without the message.
            allow_redirects=False,
            # The body of the answer says nothing.
            stream=True,
        ) as answer:
            status = answer.status_code
    except requests.ReadTimeout:
        # The whole message was sent.
        _log.warning("%s did not answer in time", _host(address))
        return
    except (requests.ConnectionError, socket.gaierror) as error:
        raise _PassingError(type(error).__name__) from None
    except (requests.RequestException, ValueError) as error:
        # A UnicodeError shows the text that it is about, which may be a password.
        raise _failed(address, type(error).__name__) from None
    if status in _PASSING:
        raise _PassingError(f"status {status}")
    if not 200 <= status < 300:
        raise _failed(address, f"status {status}")


def _count_addresses(address: str) -> int:
    """How many network addresses the receiver has, or the proxy to it. Raises socket.gaierror."""
    proxy = select_proxy(address, get_environ_proxies(address))
    # Often only the proxy can look up the receiver.
    connected = urlsplit(proxy if "://" in proxy else f"//{proxy}") if proxy else urlsplit(address)
    return len(socket.getaddrinfo(connected.hostname, None, type=socket.SOCK_STREAM))


def _failed(address: str, found: str) -> SendingError:
    return SendingError(f"no message could be sent to {_host(address)}: {found}")


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the address"


def _login(address: str) -> tuple[str, str] | AuthBase:
    parts = urlsplit(address)
    if parts.username is None:
        return _NoPassword()
    return unquote(parts.username), unquote(parts.password or "")


def _notify(address: str, message: Mapping[str, Any]) -> None:
    scheme = urlsplit(address).scheme
    try:
        import apprise
    except ImportError:
        raise SendingError(
            f"addresses of {scheme} need the package apprise", remedy="Run `make extras`"
        ) from None
    sender = apprise.Apprise()
    if not sender.add(address):
        raise SendingError(f"apprise does not know this kind of address: {scheme}")
    is_well = message.get("event") in ("well_again", "release")
    kind = apprise.NotifyType.SUCCESS if is_well else apprise.NotifyType.WARNING
    if not sender.notify(
        title=message["title"],
        body=message["text"],
        notify_type=kind,
        body_format=apprise.NotifyFormat.TEXT,
    ):
        raise SendingError(f"apprise could not send a message to {scheme}")
