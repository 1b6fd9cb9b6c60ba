"""The polite session: the only way by which the project asks the source for anything.

It keeps to the source's two hosts, says where it comes from (Referer) and who it is, waits between
requests, retries only what can get better, ends each request at a deadline, and never hands on an
answer that is empty, broken, too large or a firewall's challenge page.

Of the environment it takes the proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) and a file
of certificates (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE). It never reads ~/.netrc: the
source needs no password, and an entry `default` there would send one to it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urldefrag

import requests
from requests.adapters import BaseAdapter
from requests.utils import get_environ_proxies, requote_uri
from urllib3.exceptions import HTTPError

from scrapers.errors import (
    FetchError,
    RefusedAddressError,
    TransientFetchError,
    located,
)
from scrapers.http import firewall
from scrapers.http.addresses import Source, root_of
from scrapers.http.bodies import ACCEPT_ENCODING, read_body
from scrapers.http.deadlines import Deadline, DeadlineAdapter
from scrapers.http.responses import (
    REDIRECTS,
    Fetched,
    IsWanted,
    accepted,
    redirect_target,
)
from scrapers.http.retries import ATTEMPTS, Retries

# For one request from its first byte to its last, redirects included. The longest lists so far
# have some 300 kB, which come through in this time at 5 kB per second.
DEADLINE_SECONDS = 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT_SECONDS = (10, 30)
CERTIFICATE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class PoliteSession:
    """A `requests` session with manners. `transport` replaces the network (the replica's way in).

    `requests_per_second` of 0 means unthrottled. `user_agent` replaces the honest one that names
    the project and the `contact`. `deadline_seconds` bounds each request over the network, header
    and body, redirects included; by default it is DEADLINE_SECONDS. `sleep` is replaceable so
    that tests need not wait.
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
        deadline_seconds: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self._interval = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._max_bytes = max_bytes
        self._deadline_seconds = deadline_seconds or DEADLINE_SECONDS
        self._remembered: dict[str, Fetched] | None = None
        self._sleep = sleep
        self._retries = Retries(attempts, sleep)
        self._last_request = float("-inf")
        self._network = DeadlineAdapter()
        self._session = _Session()
        self._session.trust_env = False
        self._session.mount("https://", self._network)
        self._session.mount("http://", self._network)
        self._session.headers["User-Agent"] = user_agent or honest_user_agent(contact)
        self._session.headers["Accept-Encoding"] = ACCEPT_ENCODING
        if transport is None:
            self._session.verify = _certificates()
        else:
            self._session.mount(source.cac_url, transport)
            self._session.mount(source.beian_url, transport)

    def get(
        self,
        url: str,
        *,
        referer: str | None = None,
        is_wanted: IsWanted | None = None,
        max_bytes: int | None = None,
    ) -> Fetched:
        """Fetch one address of the source.

        `referer` is the page on which the address was found. It is sent to its own host only; any
        other host gets its own root. `is_wanted` says whether an answer is of the kind that is
        asked for: a page with a firewall's mark that is not of it counts as the firewall's.
        `max_bytes` bounds the answer more tightly than the session does.

        Raises TransientFetchError after the last attempt at something that can get better,
        FirewallError and EmptyAnswerError after a second asking a minute later, NotFoundError on
        404 and 410, and FetchError on anything else that is not a usable answer.

        It ends within 2 * (PATIENCE_SECONDS + deadline) + SECOND_ASKING_SECONDS, seven minutes by
        default, besides the waits for its turn. Patience is for faults that pass: once
        VAIN_PATIENCE addresses have failed in spite of it, and none in between has come through
        by it, each of the others is asked once.
        """
        address = self.source.resolve(url, url)
        if self._remembered is None:
            return self._get(address, referer, is_wanted, max_bytes)
        if address not in self._remembered:
            self._remembered[address] = self._get(address, referer, is_wanted, max_bytes)
        return self._remembered[address]

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Within the block no address is fetched twice: its first answer is given again."""
        self._remembered = {}
        try:
            yield
        finally:
            self._remembered = None

    def _get(
        self, address: str, referer: str | None, is_wanted: IsWanted | None, max_bytes: int | None
    ) -> Fetched:
        limit = min(max_bytes or self._max_bytes, self._max_bytes)
        ask = partial(self._get_once, address, referer, is_wanted, limit)
        return self._retries.run(ask)

    def close(self) -> None:
        self._session.close()

    def _get_once(
        self, url: str, referer: str | None, is_wanted: IsWanted | None, max_bytes: int
    ) -> Fetched:
        address = url
        self._network.deadline = deadline = Deadline(self._deadline_seconds)
        for _ in range(MAX_REDIRECTS + 1):
            self._wait_for_turn()
            with located(url=address):
                with deadline.running(), _network_errors_converted():
                    response, content = self._ask(address, referer, max_bytes)
                if response.status_code not in REDIRECTS:
                    return accepted(url, address, response, content, is_wanted)
                address = self._redirected(response, address)
        raise FetchError(f"more than {MAX_REDIRECTS} redirects, the last to {address}", url=url)

    def _ask(
        self, address: str, referer: str | None, max_bytes: int
    ) -> tuple[requests.Response, bytes]:
        """The answer and its body, which is left unread where it does not matter."""
        with self._session.get(
            address,
            headers={"Referer": _own_referer(address, referer)},
            proxies=get_environ_proxies(address),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code in REDIRECTS:
                return response, b""
            if response.status_code != 200:
                return response, _body_of_error(response)
            return response, read_body(response.raw, max_bytes)

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


def _certificates() -> str | bool:
    """The file or folder of certificates that the environment names; else those of `requests`.

    Raises FetchError where it names one that is not there.
    """
    for name in CERTIFICATE_VARIABLES:
        if path := os.environ.get(name):
            if not os.path.exists(path):
                raise FetchError(f"{name} is {path!r}: there is no such file")
            return path
    return True


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
