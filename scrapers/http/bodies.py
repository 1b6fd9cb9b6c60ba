"""The body of an answer: read in pieces up to a limit, and unpacked to its very end.

A body that ends too early is a broken answer, never a short document: whether the connection
broke off, a chunk is missing, or a packed stream has no end.
"""

import gzip
import zlib
from io import BytesIO

from urllib3.response import BaseHTTPResponse

from scrapers.errors import FetchError, TransientFetchError, shortened

ACCEPT_ENCODING = "gzip"
PIECE_BYTES = 64 * 1024
# Servers pack once; thousands of names in the header would each cost a pass over the body.
MAX_PACKINGS = 4

# Servers name a character set here now and then; browsers pass over it.
_NOT_PACKED = frozenset(
    ["identity", "none", "binary", "8bit", "utf-8", "utf8", "gbk", "gb2312", "gb18030"]
)


def read_body(raw: BaseHTTPResponse, max_bytes: int) -> bytes:
    """The whole body, unpacked.

    Raises TransientFetchError for a body that breaks off, and FetchError for one of more than
    `max_bytes`, packed or unpacked, or packed in a way that was not asked for. A broken
    connection raises the errors of urllib3.
    """
    packed = _read(raw, max_bytes)
    names = raw.headers.get("Content-Encoding", "").lower().split(",")
    encodings = [name.strip() for name in names if name.strip()]
    if len(encodings) > MAX_PACKINGS:
        raise FetchError(f"the answer is packed {len(encodings):,} times over")
    for encoding in reversed(encodings):
        packed = _unpacked(packed, encoding, max_bytes)
    return packed


def _read(raw: BaseHTTPResponse, max_bytes: int) -> bytes:
    # Not a list of pieces: a source that sends two bytes at a time would make it very large.
    body = bytearray()
    # Not `read`: it waits until a piece is full, however slowly it fills.
    while piece := raw.read1(PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _unpacked(packed: bytes, encoding: str, max_bytes: int) -> bytes:
    if encoding in _NOT_PACKED:
        return packed
    try:
        if encoding in {"gzip", "x-gzip"}:
            content = gzip.GzipFile(fileobj=BytesIO(packed)).read(max_bytes + 1)
        elif encoding == "deflate":
            content = _inflated(packed, max_bytes + 1)
        else:
            raise FetchError(
                f"the answer is packed as {shortened(encoding)!r}, which was not asked for",
                remedy=f"Asked for was {ACCEPT_ENCODING}; a proxy in between may have packed it",
            )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TransientFetchError(f"the answer broke off ({encoding}: {error})") from error
    if len(content) > max_bytes:
        raise _too_large(max_bytes)
    return content


def _inflated(packed: bytes, most: int) -> bytes:
    """A deflated body, with zlib's header as the standard says or without as some servers do."""
    if not packed:
        return b""
    try:
        stream = zlib.decompressobj()
        content = stream.decompress(packed, most)
    except zlib.error:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(packed, most)
    if not stream.eof and len(content) < most:
        raise EOFError("the stream has no end")
    return content


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"an answer of more than {max_bytes:,} bytes")
