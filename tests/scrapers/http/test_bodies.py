"""Reading of a body up to a limit. Content encodings are tested in `test_raw_responses`."""

import gzip
from io import BytesIO

import pytest
from urllib3 import HTTPResponse

from scrapers.errors import FetchError
from scrapers.http.bodies import MAX_ENCODINGS, read_body


class Drip(BytesIO):
    """A body that returns at most one byte per read."""

    def read1(self, size: int | None = -1) -> bytes:
        return super().read1(1)


def response(body: BytesIO, **headers: str) -> HTTPResponse:
    return HTTPResponse(body, headers, preload_content=False)


def test_read_body_reads_single_bytes():
    assert read_body(response(Drip(b"page")), 100) == b"page"


@pytest.mark.parametrize("times", [1, MAX_ENCODINGS])
def test_read_body_decompresses_several_encodings(times):
    compressed = b"page"
    for _ in range(times):
        compressed = gzip.compress(compressed)
    encoding = {"Content-Encoding": ", ".join(["gzip"] * times)}
    assert read_body(response(BytesIO(compressed), **encoding), 1000) == b"page"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_read_body_accepts_empty_body_with_encoding(encoding):
    assert read_body(response(BytesIO(b""), **{"Content-Encoding": encoding}), 100) == b""


def test_read_body_refuses_many_encodings_before_decompressing():
    encoding = {"Content-Encoding": "gzip," * 10_000}
    with pytest.raises(FetchError, match="10,000 content encodings"):
        read_body(response(BytesIO(b"x"), **encoding), 1000)


def test_read_body_stops_one_byte_over_limit():
    endless = response(Drip(b"x" * 10_000))
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        read_body(endless, 100)
    assert endless.tell() == 101
