"""Interpretation of a response: usable, an error, or an error that may pass.

Refusals, firewall challenges, busy servers and empty responses raise errors. A usable response
becomes a `Fetched`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote

import requests
from requests.utils import requote_uri

from scrapers.errors import FetchError, NotFoundError, TransientFetchError, shortened
from scrapers.http import firewall

LONGEST_WAIT_SECONDS = 60.0
# Characters per header value. Headers are archived with the document.
MAX_HEADER = 1_000
RETRIED_STATUSES = (frozenset({408, 429}) | frozenset(range(500, 600))) - firewall.REFUSALS
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Fetched:
    """A usable response of the source: its bytes, and where and when they were retrieved.

    `fetched_from` is the source by its name in the settings, `live` or `replica`.
    """

    url: str
    final_url: str
    content: bytes = field(repr=False)
    headers: Mapping[str, str]
    retrieved_at: datetime
    fetched_from: str | None = None

    @property
    def content_type(self) -> str:
        """The Content-Type header, or an empty string."""
        values = (value for name, value in self.headers.items() if name.lower() == "content-type")
        return next(values, "")


IsWanted = Callable[[Fetched], bool]


def may_be_document(fetched: Fetched) -> bool:
    """Whether a response is not HTML; an `is_wanted` for files."""
    return not firewall.is_html(fetched.content)


def accepted(
    url: str,
    address: str,
    response: requests.Response,
    content: bytes,
    is_wanted: IsWanted | None,
) -> Fetched:
    """The response to a request for `url` that was redirected to `address`.

    Raises FetchError (see `PoliteSession.get`) if it is not usable.
    """
    if response.status_code != 200:
        raise _failure(response, content)
    headers = {name: shortened(value, MAX_HEADER) for name, value in response.headers.items()}
    fetched = Fetched(url, address, content, headers, datetime.now(UTC))
    as_wanted = partial(is_wanted, fetched) if is_wanted else None
    if error := firewall.error_of_ok(content, response.headers, as_wanted):
        raise error
    return fetched


def _failure(response: requests.Response, content: bytes) -> FetchError:
    """The error of a response whose status is neither 200 nor a redirect."""
    status, retry_after = response.status_code, response.headers.get("Retry-After")
    is_challenge = firewall.is_challenge(content)
    if status in {404, 410} and not is_challenge:
        return NotFoundError(f"status {status}: not found")
    if status in RETRIED_STATUSES and (retry_after or not is_challenge):
        return _busy_error(firewall.description(status, content), retry_after)
    refusal = firewall.error_of_refusal(status, content, response.headers)
    return refusal or FetchError(f"status {status}")


def redirect_target(response: requests.Response) -> str:
    """The Location header as an absolute or relative URL in ASCII.

    Raises FetchError if there is no Location, or if there are several that differ.
    """
    status, locations = response.status_code, set(response.raw.headers.getlist("Location"))
    if len(locations) != 1 or not (location := locations.pop().strip()):
        raise FetchError(f"status {status}: a redirect without a single Location")
    return _ascii_address(location)


def _ascii_address(header: str) -> str:
    """Percent-encode a URL from a header: as UTF-8 if it is valid UTF-8, else byte for byte."""
    try:
        # http.client decodes headers as Latin-1.
        raw = header.encode("latin-1")
    except UnicodeEncodeError:
        return requote_uri(header)
    try:
        return requote_uri(raw.decode())
    except UnicodeDecodeError:
        return requote_uri(quote(raw, safe="!#$%&'()*+,/:;=?@[]~"))


def _busy_error(found: str, header: str | None) -> FetchError:
    """The error of a busy server; not transient if the server asks for too long a wait."""
    wait = _retry_after_seconds(header)
    if wait is not None and wait > LONGEST_WAIT_SECONDS:
        return FetchError(
            f"{found}, and the source asks to wait {wait:.0f} seconds",
            remedy="Try again after that time",
        )
    error = TransientFetchError(found)
    error.retry_after = wait
    return error


def _retry_after_seconds(header: str | None) -> float | None:
    """A Retry-After header, in seconds or as a date, as seconds from now; None if invalid."""
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
