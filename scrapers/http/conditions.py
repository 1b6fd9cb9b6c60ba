"""Conditional requests: the source sends a response only if it differs from a known one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from scrapers.http.responses import Fetched

NOT_MODIFIED = 304
# The header of a response, and the header of a request that repeats its value.
_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def conditions_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request that is conditional on a response with these headers."""
    values = {name.lower(): value for name, value in headers.items()}
    stated = {sent: values.get(name, "") for name, sent in _CONDITIONS.items()}
    return {sent: value for sent, value in stated.items() if value and _can_be_sent(value)}


def _can_be_sent(value: str) -> bool:
    """Whether a header is what the source sent. Long ones end with an ellipsis when archived."""
    return value.isascii() and value.isprintable()


def conditions_for(known: Fetched | None, address: str, source_name: str) -> dict[str, str]:
    """The headers of a request for an address, of which a response may be known.

    Empty if the known response is that of another address, as after a redirect, or of another
    source.
    """
    if known is None or known.final_url != address or known.fetched_from != source_name:
        return {}
    return conditions_of(known.headers)


def confirms(known: Fetched, headers: Mapping[str, str]) -> bool:
    """Whether a "not modified" with these headers is about the known response.

    A cache may hold an older file, which was not modified since either, so it must state a tag or a
    date.
    """
    stated, expected = conditions_of(headers), conditions_of(known.headers)
    return bool(stated) and all(expected.get(name) == value for name, value in stated.items())


def not_modified(known: Fetched, url: str) -> Fetched:
    """The known response, retrieved again now."""
    return replace(known, url=url, retrieved_at=datetime.now(UTC))
