"""Sends messages to the addresses that the operator has configured.

An address of http or https gets a POST with JSON. All others, such as `mailto://` and `slack://`,
are addresses of apprise, which is an optional package.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.auth import AuthBase
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from scrapers.errors import FilingsError

TIMEOUT_SECONDS = 5
WAIT_SECONDS = 2


class SendingError(FilingsError):
    """A message could not be sent. The text names the host, never the address with its secrets."""


class _NoPassword(AuthBase):
    """Keeps requests from adding a password of the netrc file of the user."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def post(address: str, message: Mapping[str, Any], attempts: int = 1) -> None:
    """Send a message, which has a `title` and a `text`. Raises SendingError."""
    if urlsplit(address).scheme in ("http", "https"):
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        _request("POST", address, attempts, data=body, headers=headers)
    else:
        _notify(address, message)


def ping(address: str, attempts: int = 1) -> None:
    """Send a GET to an address of http or https. Raises SendingError."""
    _request("GET", address, attempts)


def _request(method: str, address: str, attempts: int, **arguments: Any) -> None:
    host = urlsplit(address).hostname
    repeated = Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait_fixed(WAIT_SECONDS),
        retry=retry_if_exception_type(requests.RequestException),
        reraise=True,
    )
    try:
        for attempt in repeated:
            with attempt:
                answer = requests.request(
                    method,
                    address,
                    timeout=TIMEOUT_SECONDS,
                    auth=_login(address),
                    # A redirected POST would arrive as a GET without the message.
                    allow_redirects=False,
                    **arguments,
                )
                if not 200 <= answer.status_code < 300:
                    raise requests.HTTPError(f"status {answer.status_code}")
    except requests.RequestException as error:
        found = str(error) if isinstance(error, requests.HTTPError) else type(error).__name__
        raise SendingError(f"no message could be sent to {host}: {found}") from None


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
