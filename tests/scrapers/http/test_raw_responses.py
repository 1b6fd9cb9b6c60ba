"""Redirects, content encodings and malformed responses from a real socket."""

import gzip
import zlib
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

import pytest

from scrapers.errors import FetchError, FilingsError, RefusedAddressError, TransientFetchError
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from tests.scrapers.registers.scripted import Naps
from tests.support.raw_server import RawServer, answer, chunked

WHOLE = b"page of many words " * 5000
# Test names contain the response. Without a timestamp, they are the same in every worker.
compress = partial(gzip.compress, mtime=0)
COMPRESSED = compress(WHOLE)
DEFLATED = zlib.compress(WHOLE)
RAW_DEFLATED = DEFLATED[2:-4]


def moved(location: str | bytes, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=location)


def fetch(answers: dict[str, bytes], path: str = "/a/asked") -> tuple[str, bytes, list[str]]:
    """The final path and body of the response, and the requested paths."""
    with RawServer(answers) as server:
        session = PoliteSession(Source(server.url, server.url), requests_per_second=0, sleep=Naps())
        fetched = session.get(server.url + path)
        session.close()
        return fetched.final_url.removeprefix(server.url), fetched.content, server.paths


@pytest.mark.parametrize("name", ["公告", "第十一批"])
def test_location_in_utf8_or_gbk_is_requested_byte_for_byte(name):
    for encoding in ("utf-8", "gbk"):
        raw = name.encode(encoding)
        there = f"/{quote(raw)}.htm"
        final, content, _ = fetch({"/a/asked": moved(b"/" + raw + b".htm"), there: answer()})
        assert (final, content) == (there, b"page")


def test_percent_encoded_location_is_kept():
    there = "/%E5%85%AC%20a?x=%7E1&y=%E5"
    asked = "/%E5%85%AC%20a?x=~1&y=%E5"  # requests decodes unreserved characters
    assert fetch({"/a/asked": moved(there), asked: answer()})[0] == asked


def test_relative_redirect_is_resolved_against_its_own_url():
    hops = {"/a/asked": moved("b/two"), "/a/b/two": moved("three"), "/a/b/three": answer()}
    assert fetch(hops)[2] == ["/a/asked", "/a/b/two", "/a/b/three"]


@pytest.mark.parametrize("status", ["301 Moved", "303 See Other", "307 Same", "308 Ever"])
def test_redirect_is_followed_with_every_status(status):
    assert fetch({"/a/asked": moved("/b", status), "/b": answer()})[1] == b"page"


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://[bad/", RefusedAddressError),
        ("http://127.0.0.1:99999/", RefusedAddressError),
        ("http://127.0.0.1:port/", RefusedAddressError),
        ("http://127.0.0.1:1/", RefusedAddressError),
        ("http://user:pass@127.0.0.1/", RefusedAddressError),
        ("https://evil.test/", RefusedAddressError),
        ("//evil.test/", RefusedAddressError),
        ("http:///evil.test", FetchError),
        ("javascript:alert(1)", RefusedAddressError),
        ("data:text/html,page", RefusedAddressError),
        ("\\\\evil.test\\x", FetchError),
        (b"http://\xb9\xab\xb8\xe6.test/", RefusedAddressError),
        (b"http://\xe5\x85\xac.test/", RefusedAddressError),
        ("", FetchError),
        ("   ", FetchError),
        ("/a/asked", FetchError),
        ("#top", FetchError),
    ],
)
def test_invalid_location_is_an_error_with_url(location, error):
    with pytest.raises(error) as caught:
        fetch({"/a/asked": moved(location)})
    assert "http://127.0.0.1" in str(caught.value)


def test_redirect_without_single_location_is_an_error():
    two = moved("/b").replace(b"Location: /b\r\n", b"Location: /b\r\nLocation: /c\r\n")
    for broken in (answer(b"", "302 Found"), two):
        with pytest.raises(FetchError, match="status 302: a redirect without a single Location"):
            fetch({"/a/asked": broken})


def test_redirect_with_repeated_location_is_followed():
    twice = moved("/b").replace(b"Location: /b\r\n", b"Location: /b\r\nLocation: /b\r\n")
    assert fetch({"/a/asked": twice, "/b": answer()})[1] == b"page"


@pytest.mark.parametrize(
    "whole",
    [
        answer(COMPRESSED, Content_Encoding="gzip"),
        answer(COMPRESSED, Content_Encoding="X-GZIP"),
        answer(compress(WHOLE[:100]) + compress(WHOLE[100:]), Content_Encoding="gzip"),
        answer(compress(COMPRESSED), Content_Encoding="gzip, gzip"),
        answer(compress(DEFLATED), Content_Encoding="deflate, gzip"),
        answer(DEFLATED, Content_Encoding="deflate"),
        answer(RAW_DEFLATED, Content_Encoding="deflate"),
        answer(WHOLE, Content_Encoding="identity"),
        answer(WHOLE, Content_Encoding="UTF-8"),
        answer(WHOLE, Content_Encoding=""),
        chunked(COMPRESSED[:50], COMPRESSED[50:], Content_Encoding="gzip"),
        chunked(WHOLE),
        answer(WHOLE).replace(b"Content-Length", b"X-Length"),
    ],
    ids=lambda whole: whole[:80].decode("latin-1"),
)
def test_complete_body_is_decompressed(whole):
    assert fetch({"/a/asked": whole})[1] == WHOLE


@pytest.mark.parametrize(
    "cut",
    [
        answer(COMPRESSED[:40], Content_Encoding="gzip"),
        answer(COMPRESSED[:5], Content_Encoding="gzip"),
        answer(COMPRESSED[:-1], Content_Encoding="gzip"),
        answer(COMPRESSED[:-8] + b"\0" * 8, Content_Encoding="gzip"),
        answer(COMPRESSED + COMPRESSED[:40], Content_Encoding="gzip"),
        answer(WHOLE, Content_Encoding="gzip"),
        answer(DEFLATED[:40], Content_Encoding="deflate"),
        answer(DEFLATED[:-1], Content_Encoding="deflate"),
        answer(RAW_DEFLATED[:40], Content_Encoding="deflate"),
        answer(compress(COMPRESSED[:40]), Content_Encoding="gzip, gzip"),
        chunked(COMPRESSED[:40], Content_Encoding="gzip"),
        chunked(WHOLE, ends=False),
        chunked(WHOLE)[:-30],
        answer(WHOLE[:10], length=len(WHOLE)),
        answer(b"", length=4),
    ],
    ids=lambda cut: f"{cut[:80].decode('latin-1')}…{len(cut)}",
)
def test_truncated_body_is_a_transient_error(cut):
    with pytest.raises(TransientFetchError, match=r"cut off|no connection"):
        fetch({"/a/asked": cut})


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br"])
def test_unsupported_content_encoding_is_named(encoding):
    unsupported = encoding.split()[-1]
    with pytest.raises(FetchError, match=f"content encoding '{unsupported}'") as caught:
        fetch({"/a/asked": answer(COMPRESSED, Content_Encoding=encoding)})
    assert not isinstance(caught.value, TransientFetchError)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"\x00\xff\xfe" * 50,
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        answer().replace(b"Content-Length: 4", b"Content-Length: 4\r\nContent-Length: 5"),
        chunked(b"page").replace(b"4\r\n", b"zz\r\n"),
        answer(b"", "204 No Content"),
        answer(status="999 Odd"),
    ],
    ids=lambda broken: f"{broken[:40]!r}…{len(broken)}",
)
def test_malformed_response_is_a_filings_error(broken):
    with pytest.raises(FilingsError, match=r"http://127.0.0.1"):
        fetch({"/a/asked": broken})


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_body_that_decompresses_over_limit_is_refused(pack: Callable):
    name = "gzip" if pack is gzip.compress else "deflate"
    with RawServer({"/": answer(pack(b"x" * 10_000_000), Content_Encoding=name)}) as server:
        session = PoliteSession(Source(server.url, server.url), max_bytes=100_000, sleep=Naps())
        with pytest.raises(FetchError, match="larger than 100,000 bytes"):
            session.get(server.url + "/")
        session.close()


def test_request_that_cannot_be_sent_is_an_error():
    with RawServer({}) as server:
        session = PoliteSession(Source(server.url, server.url), sleep=Naps())
        with pytest.raises(FetchError, match="the request failed"):
            session.get(server.url + "/", referer=server.url + "/\ud800")
        session.close()
