"""One answer of the source: what its status and body mean, and when to ask again.

Redirects, refusals, challenges, busy servers and empty answers become errors; what is left is a
`Fetched`.
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
# Headers are kept with what is archived.
MAX_HEADER = 1_000
RETRIED_STATUSES = (frozenset({408, 429}) | frozenset(range(500, 600))) - firewall.REFUSALS
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Fetched:
    """One answer of the source: the bytes and where they came from."""

    url: str
    final_url: str
    content: bytes = field(repr=False)
    headers: Mapping[str, str]
    retrieved_at: datetime

    @property
    def content_type(self) -> str:
        """The header Content-Type, or an empty text."""
        values = (value for name, value in self.headers.items() if name.lower() == "content-type")
        return next(values, "")


IsWanted = Callable[[Fetched], bool]


def may_be_document(fetched: Fetched) -> bool:
    """True for anything but HTML: an `is_wanted` for files."""
    return not firewall.is_html(fetched.content)


def accepted(
    url: str,
    address: str,
    response: requests.Response,
    content: bytes,
    is_wanted: IsWanted | None,
) -> Fetched:
    """The answer, if it is one. Raises what `PoliteSession.get` says."""
    if response.status_code != 200:
        raise _failure(response, content)
    headers = {name: shortened(value, MAX_HEADER) for name, value in response.headers.items()}
    fetched = Fetched(url, address, content, headers, datetime.now(UTC))
    as_wanted = partial(is_wanted, fetched) if is_wanted else None
    if error := firewall.unwanted(content, response.headers, as_wanted):
        raise error
    return fetched


def _failure(response: requests.Response, content: bytes) -> FetchError:
    """The error of an answer whose status is neither 200 nor a redirect."""
    status, retry_after = response.status_code, response.headers.get("Retry-After")
    is_challenge = firewall.is_challenge(content)
    if status in {404, 410} and not is_challenge:
        return NotFoundError(f"status {status}: nothing at this address")
    if status in RETRIED_STATUSES and (retry_after or not is_challenge):
        return _busy(firewall.described(status, content), retry_after)
    return firewall.refused(status, content, response.headers) or FetchError(f"status {status}")


def redirect_target(response: requests.Response) -> str:
    """The header Location as an address, absolute or not, in ASCII.

    Raises FetchError where there is none, or more than one.
    """
    status, locations = response.status_code, set(response.raw.headers.getlist("Location"))
    if len(locations) != 1 or not (location := locations.pop().strip()):
        raise FetchError(f"status {status}: a redirect that does not say where to (Location)")
    return _ascii_address(location)


def _ascii_address(header: str) -> str:
    """An address in a header, percent-encoded as requests does it: as UTF-8 where it is UTF-8."""
    try:
        # http.client reads headers as Latin-1.
        raw = header.encode("latin-1")
    except UnicodeEncodeError:
        return requote_uri(header)
    try:
        return requote_uri(raw.decode())
    except UnicodeDecodeError:
        return requote_uri(quote(raw, safe="!#$%&'()*+,/:;=?@[]~"))


def _busy(found: str, header: str | None) -> FetchError:
    """The error of a busy server; one that asks for a longer wait than ours is left alone."""
    wait = _retry_after_seconds(header)
    if wait is not None and wait > LONGEST_WAIT_SECONDS:
        return FetchError(
            f"{found}, and the source asks to wait {wait:.0f} seconds",
            remedy="Ask again after that",
        )
    error = TransientFetchError(found)
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
