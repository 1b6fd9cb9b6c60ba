"""Reading a body: in pieces under a deadline. Packings are tried in `test_raw_answers`."""

from io import BytesIO
from itertools import count

import pytest
from urllib3 import HTTPResponse

import scrapers.bodies as bodies
from scrapers.bodies import DEADLINE_SECONDS, read_body
from scrapers.errors import FetchError, TransientFetchError


class Drip(BytesIO):
    """A body that never gives more than a byte at once."""

    def read1(self, size: int | None = -1) -> bytes:
        return super().read1(1)


def response(body: BytesIO) -> HTTPResponse:
    return HTTPResponse(body, preload_content=False)


def test_a_body_that_comes_in_single_bytes_is_read():
    assert read_body(response(Drip(b"page")), 100) == b"page"


def test_a_body_that_drips_ends_at_the_deadline(monkeypatch):
    clock = count()
    monkeypatch.setattr(bodies.time, "monotonic", lambda: float(next(clock)))
    dripping = response(Drip(b"x" * 10_000))
    with pytest.raises(TransientFetchError, match=f"over {DEADLINE_SECONDS} seconds"):
        read_body(dripping, 100_000)
    assert dripping.tell() <= DEADLINE_SECONDS + 2


def test_no_more_is_read_than_the_limit_allows():
    endless = response(Drip(b"x" * 10_000))
    with pytest.raises(FetchError, match="more than 100 bytes"):
        read_body(endless, 100)
    assert endless.tell() == 101
