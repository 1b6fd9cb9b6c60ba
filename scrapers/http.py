"""The polite session: the only way by which the project asks the source for anything.

It keeps to the source's two hosts, says where it comes from (Referer) and who it is, waits between
requests, retries only what can get better, and never hands on an answer that is empty, broken, too
large or a firewall's challenge page.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag

import requests
import tenacity
from requests.adapters import BaseAdapter
from requests.utils import requote_uri
from urllib3.exceptions import HTTPError

from scrapers import firewall
from scrapers.addresses import Source, root_of
from scrapers.answers import (
    LONGEST_WAIT_SECONDS,
    REDIRECTS,
    Fetched,
    IsWanted,
    accepted,
    redirect_target,
)
from scrapers.bodies import ACCEPT_ENCODING, read_body
from scrapers.errors import (
    EmptyAnswerError,
    FetchError,
    FirewallError,
    RefusedAddressError,
    TransientFetchError,
    located,
)

ATTEMPTS = 4
BACKOFF_SECONDS = 1.0
SECOND_ASKING_SECONDS = 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT_SECONDS = (10, 30)


class PoliteSession:
    """A `requests` session with manners. `transport` replaces the network (the replica's way in).

    `requests_per_second` of 0 means unthrottled. `user_agent` replaces the honest one that names
    the project and the `contact`. `sleep` is replaceable so that tests need not wait.
    """

    def __init__(
        self,
        source: Source,
        *,
        transport: BaseAdapter | None = None,
        requests_per_second: float = 1.0,
        contact: str = "",
        user_agent: str = "",
        max_bytes: int = MAX_BYTES,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self._interval = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._max_bytes = max_bytes
        self._attempts = attempts
        self._asks_twice = attempts > 1
        self._sleep = sleep
        self._last_request = float("-inf")
        self._session = _Session()
        self._session.headers["User-Agent"] = user_agent or honest_user_agent(contact)
        self._session.headers["Accept-Encoding"] = ACCEPT_ENCODING
        if transport is not None:
            self._session.mount(source.cac_url, transport)
            self._session.mount(source.beian_url, transport)

    def get(
        self, url: str, *, referer: str | None = None, is_wanted: IsWanted | None = None
    ) -> Fetched:
        """Fetch one address of the source.

        `referer` is the page on which the address was found. It is sent to its own host only; any
        other host gets its own root. `is_wanted` says whether an answer is of the kind that is
        asked for: a page with a firewall's mark that is not of it counts as the firewall's.

        Raises TransientFetchError after the last attempt at something that can get better,
        FirewallError and EmptyAnswerError after a second asking a minute later, NotFoundError on
        404 and 410, and FetchError on anything else that is not a usable answer. Once a second
        asking has failed too, the session makes no others.
        """
        address = self.source.resolve(url, url)
        try:
            return self._patiently(address, referer, is_wanted)
        except (FirewallError, EmptyAnswerError):
            if not self._asks_twice:
                raise
        self._sleep(SECOND_ASKING_SECONDS)
        try:
            return self._patiently(address, referer, is_wanted)
        except (FirewallError, EmptyAnswerError):
            self._asks_twice = False
            raise

    def close(self) -> None:
        self._session.close()

    def _patiently(self, url: str, referer: str | None, is_wanted: IsWanted | None) -> Fetched:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientFetchError),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_wait_between_attempts,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._get_once, url, referer, is_wanted)

    def _get_once(self, url: str, referer: str | None, is_wanted: IsWanted | None) -> Fetched:
        address = url
        for _ in range(MAX_REDIRECTS + 1):
            self._wait_for_turn()
            with located(url=address):
                with _network_errors_converted():
                    response, content = self._ask(address, referer)
                if response.status_code not in REDIRECTS:
                    return accepted(url, address, response, content, is_wanted)
                address = self._redirected(response, address)
        raise FetchError(f"more than {MAX_REDIRECTS} redirects, the last to {address}", url=url)

    def _ask(self, address: str, referer: str | None) -> tuple[requests.Response, bytes]:
        """The answer and its body, which is left unread where it does not matter."""
        with self._session.get(
            address,
            headers={"Referer": _own_referer(address, referer)},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code in REDIRECTS:
                return response, b""
            if response.status_code != 200:
                return response, _body_of_error(response)
            return response, read_body(response.raw, self._max_bytes)

    def _redirected(self, response: requests.Response, address: str) -> str:
        """The address that a redirect leads to. Raises FetchError where that is not the source."""
        target = redirect_target(response)
        try:
            return self.source.resolve(target, address)
        except RefusedAddressError as error:
            if to_firewall := firewall.redirected(response.status_code, target):
                raise to_firewall from error
            raise

    def _wait_for_turn(self) -> None:
        wait = self._last_request + self._interval - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last_request = time.monotonic()


class _Session(requests.Session):
    """Leaves redirects alone: `PoliteSession` follows them, and checks each before it asks."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def honest_user_agent(contact: str) -> str:
    """The project's name, and how to reach who runs this copy."""
    return f"filings-register/1.0 ({contact})" if contact else "filings-register/1.0"


def _own_referer(address: str, found_on: str | None) -> str:
    """The page an address was found on if it is of the same host, else the host's root."""
    root = root_of(address)
    if found_on and root_of(found_on) == root:
        return requote_uri(urldefrag(found_on).url)
    return root


@contextmanager
def _network_errors_converted() -> Iterator[None]:
    """Turn what requests, urllib3 and the socket raise into errors of this project."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout) as error:
        raise TransientFetchError(f"no connection ({error})") from error
    except requests.RequestException as error:
        raise FetchError(f"the request failed ({error})") from error
    except (HTTPError, OSError) as error:
        raise TransientFetchError(f"the answer broke off ({error})") from error
    except ValueError as error:  # an address that cannot be sent
        raise FetchError(f"the request failed ({error})") from error


def _body_of_error(response: requests.Response) -> bytes:
    """What an error status says, as evidence only: nothing where it cannot be read."""
    try:
        return read_body(response.raw, firewall.LOOKED_AT_BYTES)
    except (FetchError, HTTPError, OSError):
        return b""


_backoff = tenacity.wait_exponential_jitter(
    initial=BACKOFF_SECONDS, max=LONGEST_WAIT_SECONDS, jitter=BACKOFF_SECONDS
)


def _wait_between_attempts(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "retry_after", None)
    return asked if asked is not None else _backoff(state)
