"""Response bodies: read in pieces up to a size limit, and decompressed completely.

A body that ends early is an error and never a short document, whether the connection broke, a chunk
is missing, or a compressed stream is truncated.
"""

import gzip
import zlib
from io import BytesIO

from urllib3.response import BaseHTTPResponse

from scrapers.errors import FetchError, TransientFetchError, shortened

ACCEPT_ENCODING = "gzip"
PIECE_BYTES = 64 * 1024
# Servers compress once. Thousands of names in the header would each cost a pass over the body.
MAX_ENCODINGS = 4

# Some servers put a character set into Content-Encoding. Browsers ignore it.
_UNCOMPRESSED = frozenset(
    ["identity", "none", "binary", "8bit", "utf-8", "utf8", "gbk", "gb2312", "gb18030"]
)


def read_body(raw: BaseHTTPResponse, max_bytes: int) -> bytes:
    """The complete body, decompressed.

    Raises TransientFetchError for a truncated body, and FetchError for a body of more than
    `max_bytes`, compressed or not, or with an unsupported content encoding. A broken connection
    raises the errors of urllib3.
    """
    body = _read(raw, max_bytes)
    names = raw.headers.get("Content-Encoding", "").lower().split(",")
    encodings = [name.strip() for name in names if name.strip()]
    if len(encodings) > MAX_ENCODINGS:
        raise FetchError(f"the response has {len(encodings):,} content encodings")
    for encoding in reversed(encodings):
        body = _decompressed(body, encoding, max_bytes)
    return body


def _read(raw: BaseHTTPResponse, max_bytes: int) -> bytes:
    # Not a list of pieces: it would be very large for a source that sends two bytes at a time.
    body = bytearray()
    # Not `read`: it blocks until a piece is full, however slowly the bytes arrive.
    while piece := raw.read1(PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _decompressed(body: bytes, encoding: str, max_bytes: int) -> bytes:
    if encoding in _UNCOMPRESSED:
        return body
    try:
        if encoding in {"gzip", "x-gzip"}:
            content = gzip.GzipFile(fileobj=BytesIO(body)).read(max_bytes + 1)
        elif encoding == "deflate":
            content = _inflated(body, max_bytes + 1)
        else:
            raise FetchError(
                f"the response has the unsupported content encoding {shortened(encoding)!r}",
                remedy=f"The request allows only {ACCEPT_ENCODING}. A proxy may have compressed it",
            )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TransientFetchError(f"the response was cut off ({encoding}: {error})") from error
    if len(content) > max_bytes:
        raise _too_large(max_bytes)
    return content


def _inflated(body: bytes, most: int) -> bytes:
    """Inflate a body, with the zlib header of the standard or, as from some servers, without."""
    if not body:
        return b""
    try:
        stream = zlib.decompressobj()
        content = stream.decompress(body, most)
    except zlib.error:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(body, most)
    if not stream.eof and len(content) < most:
        raise EOFError("the stream is truncated")
    return content


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"the response is larger than {max_bytes:,} bytes")
