"""The polite session: the only way by which the project asks the source for anything.

It keeps to the source's two hosts, waits between requests, retries only what can get better,
and never hands on an answer that is empty, too large or a firewall's challenge page.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import tenacity
from requests.adapters import BaseAdapter

from scrapers.addresses import Source
from scrapers.errors import FetchError, NotFoundError, TransientFetchError

ATTEMPTS = 4
BACKOFF_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT_SECONDS = (10, 30)
DEADLINE_SECONDS = 300
RETRIED_STATUSES = frozenset({408, 429}) | frozenset(range(500, 600))
FIREWALL_MARK = "知道创宇云防御"


@dataclass(frozen=True)
class Fetched:
    """One answer of the source: the bytes and how they were come by."""

    url: str
    final_url: str
    content: bytes = field(repr=False)
    headers: Mapping[str, str]
    retrieved_at: datetime


class PoliteSession:
    """A `requests` session with manners. `transport` replaces the network (the replica's way in).

    `requests_per_second` of 0 means unthrottled. `sleep` is replaceable so that tests need not
    wait.
    """

    def __init__(
        self,
        source: Source,
        *,
        transport: BaseAdapter | None = None,
        requests_per_second: float = 1.0,
        contact: str = "",
        max_bytes: int = MAX_BYTES,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self._interval = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._max_bytes = max_bytes
        self._attempts = attempts
        self._sleep = sleep
        self._last_request = float("-inf")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = user_agent(contact)
        if transport is not None:
            self._session.mount(source.cac_url, transport)
            self._session.mount(source.beian_url, transport)

    def get(self, url: str, *, referer: str | None = None) -> Fetched:
        """Fetch one address of the source.

        Raises TransientFetchError after the last attempt at something that can get better,
        NotFoundError on 404 and 410, and FetchError on anything else that is no usable answer.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientFetchError),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_wait_between_attempts,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._get_once, self.source.resolve(url, url), referer)

    def close(self) -> None:
        self._session.close()

    def _get_once(self, url: str, referer: str | None) -> Fetched:
        address = url
        for _ in range(MAX_REDIRECTS + 1):
            self._wait_for_turn()
            try:
                with self._session.get(
                    address,
                    headers={"Referer": referer} if referer else {},
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    if response.is_redirect:
                        address = self.source.resolve(response.headers["Location"], address)
                        continue
                    return self._accept(url, address, response)
            except (requests.ConnectionError, requests.Timeout) as error:
                raise TransientFetchError(f"no connection ({error})", url=address) from error
            except requests.exceptions.ChunkedEncodingError as error:
                raise TransientFetchError(f"the answer broke off ({error})", url=address) from error
            except requests.RequestException as error:
                raise FetchError(f"the request failed ({error})", url=address) from error
        raise FetchError(f"more than {MAX_REDIRECTS} redirects", url=url)

    def _accept(self, url: str, address: str, response: requests.Response) -> Fetched:
        status = response.status_code
        if status in RETRIED_STATUSES:
            raise _busy(status, address, response.headers.get("Retry-After"))
        if status in {404, 410}:
            raise NotFoundError(f"status {status}: nothing at this address", url=address)
        if status != 200:
            raise FetchError(f"status {status}", url=address)
        content = self._body(address, response)
        if not content:
            raise FetchError(
                "an empty answer",
                url=address,
                remedy="The source sends one when Referer is missing",
            )
        if is_firewall_page(content):
            raise FetchError(
                f"the firewall's challenge page ({FIREWALL_MARK}) instead of an answer",
                url=address,
                remedy="Ask again later and less often (FILINGS_REQUESTS_PER_SECOND)",
            )
        return Fetched(url, address, content, dict(response.headers), datetime.now(UTC))

    def _body(self, address: str, response: requests.Response) -> bytes:
        chunks, size, deadline = [], 0, time.monotonic() + DEADLINE_SECONDS
        for chunk in response.iter_content(64 * 1024):
            size += len(chunk)
            if size > self._max_bytes:
                raise FetchError(f"an answer of more than {self._max_bytes:,} bytes", url=address)
            if time.monotonic() > deadline:
                raise TransientFetchError(
                    f"the answer took over {DEADLINE_SECONDS} seconds", url=address
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def _wait_for_turn(self) -> None:
        wait = self._last_request + self._interval - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last_request = time.monotonic()


def user_agent(contact: str) -> str:
    """An honest name, and how to reach who runs this copy."""
    return f"filings-register/1.0 ({contact})" if contact else "filings-register/1.0"


def is_firewall_page(content: bytes) -> bool:
    """True for the web firewall's challenge page, which comes with status 200."""
    if content[:2] == b"PK" or content[:4] == b"%PDF":
        return False
    head = content[:65536]
    return any(FIREWALL_MARK.encode(encoding) in head for encoding in ("utf-8", "gb18030"))


_backoff = tenacity.wait_exponential_jitter(
    initial=BACKOFF_SECONDS, max=LONGEST_WAIT_SECONDS, jitter=BACKOFF_SECONDS
)


def _wait_between_attempts(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "retry_after", None)
    return asked if asked is not None else _backoff(state)


def _busy(status: int, address: str, header: str | None) -> FetchError:
    """The error of a busy server; one that asks for a longer wait than ours is left alone."""
    wait = _retry_after_seconds(header)
    if wait is not None and wait > LONGEST_WAIT_SECONDS:
        return FetchError(
            f"status {status}, and the source asks to wait {wait:.0f} seconds",
            url=address,
            remedy="Ask again after that",
        )
    error = TransientFetchError(f"status {status}", url=address)
    error.retry_after = wait
    return error


def _retry_after_seconds(header: str | None) -> float | None:
    """Retry-After as seconds from now; both of its forms, or None where it says nothing."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
