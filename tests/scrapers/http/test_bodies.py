"""Reading a body: in pieces, up to a limit. Packings are tried in `test_raw_answers`."""

import gzip
from io import BytesIO

import pytest
from urllib3 import HTTPResponse

from scrapers.errors import FetchError
from scrapers.http.bodies import MAX_PACKINGS, read_body


class Drip(BytesIO):
    """A body that never gives more than a byte at once."""

    def read1(self, size: int | None = -1) -> bytes:
        return super().read1(1)


def response(body: BytesIO, **headers: str) -> HTTPResponse:
    return HTTPResponse(body, headers, preload_content=False)


def test_a_body_that_comes_in_single_bytes_is_read():
    assert read_body(response(Drip(b"page")), 100) == b"page"


@pytest.mark.parametrize("times", [1, MAX_PACKINGS])
def test_a_body_may_be_packed_a_few_times_over(times):
    packed = b"page"
    for _ in range(times):
        packed = gzip.compress(packed)
    encoding = {"Content-Encoding": ", ".join(["gzip"] * times)}
    assert read_body(response(BytesIO(packed), **encoding), 1000) == b"page"


def test_a_body_packed_very_often_is_refused_before_it_is_unpacked():
    encoding = {"Content-Encoding": "gzip," * 10_000}
    with pytest.raises(FetchError, match="packed 10,000 times over"):
        read_body(response(BytesIO(b"x"), **encoding), 1000)


def test_no_more_is_read_than_the_limit_allows():
    endless = response(Drip(b"x" * 10_000))
    with pytest.raises(FetchError, match="more than 100 bytes"):
        read_body(endless, 100)
    assert endless.tell() == 101
