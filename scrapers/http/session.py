"""The polite session, through which all requests to the source are made.

It only contacts the source's two hosts, sends a Referer and an honest User-Agent, limits its
request rate, retries only errors that may pass, and ends each request at a deadline. It never
returns a response that is empty, truncated, too large, or a firewall's challenge page.

From the environment it takes the proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) and the
certificates (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE). It does not read ~/.netrc: the
source needs no password, and a `default` entry there would send one.
"""

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
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
from scrapers.http.conditions import NOT_MODIFIED, conditions_for, confirms, not_modified
from scrapers.http.deadlines import Deadline, DeadlineAdapter
from scrapers.http.responses import (
    REDIRECTS,
    Fetched,
    IsWanted,
    accepted,
    redirect_target,
)
from scrapers.http.retries import ATTEMPTS, Retries

# For one request, including redirects. The largest lists so far are about 300 kB, which arrive
# within this time at 5 kB per second.
DEADLINE_SECONDS = 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
# To connect, and between two bytes.
TIMEOUT_SECONDS = (10, 30)
NO_CONDITIONS: Mapping[str, str] = MappingProxyType({})
CERTIFICATE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class PoliteSession:
    """A rate-limited `requests` session for the source.

    `transport` replaces the network, as the replica does; `source_name` is then `replica`. With
    `requests_per_second` of 0 there is no rate limit. `user_agent` replaces the default one, which
    names the project and the `contact`. `deadline_seconds` limits each network request, including
    redirects and body; the default is DEADLINE_SECONDS. `total_seconds` after the session was
    opened, its request ends and no other starts. `sleep` can be replaced so that tests do not wait.
    """

    def __init__(
        self,
        source: Source,
        *,
        transport: BaseAdapter | None = None,
        source_name: str = "live",
        requests_per_second: float = 1.0,
        contact: str = "",
        user_agent: str = "",
        max_bytes: int = MAX_BYTES,
        attempts: int = ATTEMPTS,
        deadline_seconds: float | None = None,
        total_seconds: float = math.inf,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self._source_name = source_name
        self._interval = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._max_bytes = max_bytes
        self._deadline_seconds = deadline_seconds or DEADLINE_SECONDS
        self._ends_at = time.monotonic() + total_seconds
        # Responses by address, which sessions share within `caching`.
        self.pages: dict[str, Fetched] | None = None
        self._cache: dict[str, Fetched] | None = None
        self._sleep = sleep
        self._retries = Retries(attempts, sleep)
        self._last_request = float("-inf")
        self._network = DeadlineAdapter()
        self._session = _Session()
        self._session.trust_env = False
        self._session.mount("https://", self._network)
        self._session.mount("http://", self._network)
        self._session.headers["User-Agent"] = user_agent or default_user_agent(contact)
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
        known: Fetched | None = None,
    ) -> Fetched:
        """Fetch a URL of the source.

        `referer` is the page that links to the URL. It is sent only to its own host; another host
        receives its own root URL. `is_wanted` returns whether a response is of the expected kind:
        a page with a firewall's marker that is not of that kind is treated as the firewall's.
        `max_bytes` can lower the size limit of the session. `known` is an earlier response to the
        URL; if the source answers that it is not modified, it is returned with the time of now.

        Raises TransientFetchError if an error that may pass remains after the last attempt,
        FirewallError and EmptyResponseError after a second attempt a minute later, NotFoundError
        for status 404 and 410, and FetchError for any other unusable response.

        It returns within 2 * (RETRY_WINDOW_SECONDS + deadline) + REFUSAL_WAIT_SECONDS (seven
        minutes by default), plus the waits of the rate limit. Once MAX_FAILED_ADDRESSES have failed
        despite retries, and no retry in between has succeeded, requests are no longer retried.
        """
        address = self.source.resolve(url, url)
        limit = min(max_bytes or self._max_bytes, self._max_bytes)
        request = partial(self._get_once, address, referer, is_wanted, limit, known)
        if self._cache is None:
            return self._retries.run(request)
        if address not in self._cache:
            self._cache[address] = self._retries.run(request)
        return self._cache[address]

    @contextmanager
    def caching(self) -> Iterator[None]:
        """Within the block, fetch each address once and reuse its response.

        Sessions with the same `pages` share their responses, until one of these cannot be read.
        """
        self._cache = {} if self.pages is None else self.pages
        try:
            yield
        except Exception:
            self._cache.clear()
            raise
        finally:
            self._cache = None

    def close(self) -> None:
        self._session.close()

    def _get_once(
        self,
        url: str,
        referer: str | None,
        is_wanted: IsWanted | None,
        max_bytes: int,
        known: Fetched | None,
    ) -> Fetched:
        address = url
        self._network.deadline = deadline = Deadline(self._deadline_seconds)
        for _ in range(MAX_REDIRECTS + 1):
            with located(url=address):
                conditions = conditions_for(known, address, self._source_name)
                response, content = self._send(address, referer, max_bytes, deadline, conditions)
                if known and conditions and response.status_code == NOT_MODIFIED:
                    if confirms(known, response.headers):
                        return not_modified(known, url)
                    response, content = self._send(address, referer, max_bytes, deadline)
                if response.status_code not in REDIRECTS:
                    fetched = accepted(url, address, response, content, is_wanted)
                    return replace(fetched, fetched_from=self._source_name)
                address = self._redirected(response, address)
        raise FetchError(f"more than {MAX_REDIRECTS} redirects, the last to {address}", url=url)

    def _send(
        self,
        address: str,
        referer: str | None,
        max_bytes: int,
        deadline: Deadline,
        conditions: Mapping[str, str] = NO_CONDITIONS,
    ) -> tuple[requests.Response, bytes]:
        """The response and its body; that of a redirect or of "not modified" is not read."""
        self._wait_for_turn()
        with (
            deadline.running(self._seconds_left()),
            _network_errors_converted(),
            self._session.get(
                address,
                headers={"Referer": _referer_for(address, referer), **conditions},
                proxies=get_environ_proxies(address),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            if response.status_code in {*REDIRECTS, NOT_MODIFIED}:
                return response, b""
            if response.status_code != 200:
                return response, _body_of_error(response)
            return response, read_body(response.raw, max_bytes)

    def _redirected(self, response: requests.Response, address: str) -> str:
        """The target of a redirect. Raises FetchError if it is not part of the source."""
        target = redirect_target(response)
        try:
            return self.source.resolve(target, address)
        except RefusedAddressError as error:
            if to_firewall := firewall.error_of_redirect(response.status_code, target):
                raise to_firewall from error
            raise

    def _seconds_left(self) -> float:
        """Of the time for all requests."""
        return self._ends_at - time.monotonic()

    def _wait_for_turn(self) -> None:
        """Raises TransientFetchError if the turn is after the end of the session's time."""
        wait = max(0.0, self._last_request + self._interval - time.monotonic())
        if wait >= self._seconds_left():
            raise TransientFetchError("no time is left for this request")
        if wait > 0:
            self._sleep(wait)
        self._last_request = time.monotonic()


class _Session(requests.Session):
    """Does not follow redirects: `PoliteSession` does, after checking each target."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def default_user_agent(contact: str) -> str:
    """A User-Agent with the project's name, and the contact of whoever runs it."""
    return f"filings-register/1.0 ({contact})" if contact else "filings-register/1.0"


def _certificates() -> str | bool:
    """The certificate file or folder set in the environment, or True for those of `requests`.

    Raises FetchError if it does not exist.
    """
    for name in CERTIFICATE_VARIABLES:
        if path := os.environ.get(name):
            if not Path(path).exists():
                raise FetchError(
                    f"{name} is {path!r}, which does not exist",
                    remedy="Set it to a certificate file, or unset it",
                )
            return path
    return True


def _referer_for(address: str, found_on: str | None) -> str:
    """The page that links to an address if it is on the same host, else the host's root."""
    root = root_of(address)
    if found_on and root_of(found_on) == root:
        return requote_uri(urldefrag(found_on).url)
    return root


@contextmanager
def _network_errors_converted() -> Iterator[None]:
    """Convert exceptions of requests, urllib3 and sockets to `FetchError`."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout) as error:
        raise TransientFetchError(f"no connection ({error})") from error
    except requests.RequestException as error:
        raise FetchError(f"the request failed ({error})") from error
    except (HTTPError, OSError) as error:
        raise TransientFetchError(f"the response was cut off ({error})") from error
    except ValueError as error:  # a URL or header that cannot be sent
        raise FetchError(f"the request failed ({error})") from error


def _body_of_error(response: requests.Response) -> bytes:
    """The body of an error response, as evidence of a firewall; empty if it cannot be read."""
    try:
        return read_body(response.raw, firewall.MAX_INSPECTED_BYTES)
    except (FetchError, HTTPError, OSError):
        return b""
