"""Decompresses the streams of a .pdf within limits.

pdfminer decompresses a stream in full, whatever its size: 3 MB can become 3 GB. This module gives
its parser a stream class that stops at more data than a list can have.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from typing import Any

from pdfminer import pdfparser
from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfexceptions import PDFNotImplementedError, PDFValueError
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_DCT_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_JBIG2_DECODE,
    LITERALS_JPX_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    int_value,
)
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor

from scrapers.errors import DocumentError

# An embedded Chinese font has up to about 20 MB.
MAX_STREAM_BYTES, MAX_UNPACKED_BYTES = 32 * 2**20, 96 * 2**20
# The bytes per row of samples that a predictor may use.
MAX_LINE_BYTES = 100_000
# The length of the checksum's end. pdfminer ignores a damaged checksum.
_CHECKSUM_BYTES = 3

_left: ContextVar[list[int]] = ContextVar("bytes that may still be unpacked")


@contextmanager
def bounded_streams() -> Iterator[None]:
    """Limit the total size of the streams decompressed inside this context."""
    token = _left.set([MAX_UNPACKED_BYTES])
    try:
        yield
    finally:
        _left.reset(token)


class BoundedStream(PDFStream):
    """A stream that raises DocumentError if it decompresses to more than a list can have."""

    def decode(self) -> None:
        data = self.rawdata or b""
        if self.decipher:
            if self.objid is None or self.genno is None:
                raise PDFValueError("an encrypted stream without an object number")
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        for name, parameters in self.get_filters():
            data = _predicted(_unpacked(name, data), parameters)
        left = _left.get(None)
        if left:
            left[0] -= len(data)
            if left[0] < 0:
                raise _too_large(MAX_UNPACKED_BYTES)
        self.data, self.rawdata = data, None


# The parser creates the streams of a file, and has no other way to choose their class.
pdfparser.PDFStream = BoundedStream  # type: ignore[attr-defined]


def _unpacked(name: object, data: bytes) -> bytes:
    for names, unpack in _FILTERS:
        if name in names:
            unpacked = unpack(data)
            if len(unpacked) > MAX_STREAM_BYTES:
                raise _too_large(MAX_STREAM_BYTES)
            return unpacked
    raise PDFNotImplementedError(f"Unsupported filter: {name!r}")


def _inflated(data: bytes) -> bytes:
    """Inflate the data, ignoring a damaged checksum. Return b"" if the data itself is damaged."""
    inflater = zlib.decompressobj()
    body, end = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    try:
        unpacked = inflater.decompress(body, MAX_STREAM_BYTES + 1)
    except zlib.error:
        return b""
    if len(unpacked) > MAX_STREAM_BYTES:
        return unpacked
    for place in range(len(end)):
        try:
            unpacked += inflater.decompress(end[place : place + 1])
        except zlib.error:
            break
    return unpacked


def _from_lzw(data: bytes) -> bytes:
    unpacked = bytearray()
    for piece in LZWDecoder(BytesIO(data)).run():
        unpacked += piece
        if len(unpacked) > MAX_STREAM_BYTES:
            break
    return bytes(unpacked)


def _from_run_lengths(data: bytes) -> bytes:
    """Decode run lengths (ISO 32000-1, 7.4.5): a length, then that many bytes or one to repeat."""
    unpacked = bytearray()
    place = 0
    while place < len(data) and data[place] != 128 and len(unpacked) <= MAX_STREAM_BYTES:
        length = data[place]
        if length < 128:
            unpacked += data[place + 1 : place + length + 2]
            place += length + 2
        else:
            unpacked += data[place + 1 : place + 2] * (257 - length)
            place += 2
    return bytes(unpacked)


def _from_ascii85(data: bytes) -> bytes:
    # A z decodes to four bytes; all other input shrinks.
    if len(data) + 3 * data.count(b"z") > MAX_STREAM_BYTES:
        raise _too_large(MAX_STREAM_BYTES)
    return ascii85decode(data)


_FILTERS: tuple[tuple[tuple[Any, ...], Callable[[bytes], bytes]], ...] = (
    (LITERALS_FLATE_DECODE, _inflated),
    (LITERALS_LZW_DECODE, _from_lzw),
    (LITERALS_ASCII85_DECODE, _from_ascii85),
    (LITERALS_ASCIIHEX_DECODE, asciihexdecode),
    (LITERALS_RUNLENGTH_DECODE, _from_run_lengths),
    # Image data is not needed: only the position of an image matters.
    ((*LITERALS_DCT_DECODE, *LITERALS_JBIG2_DECODE, *LITERALS_JPX_DECODE), bytes),
)


def _predicted(data: bytes, parameters: Any) -> bytes:
    """Undo a predictor (ISO 32000-1, 7.4.4.4)."""
    predictor = int_value(parameters["Predictor"]) if _names_predictor(parameters) else 1
    if predictor == 1:
        return data
    colours, columns, bits = (
        int_value(parameters.get(name, usual))
        for name, usual in (("Colors", 1), ("Columns", 1), ("BitsPerComponent", 8))
    )
    if colours * columns * bits > 8 * MAX_LINE_BYTES:
        raise DocumentError(f"the .pdf file has a predictor over {columns:,} columns")
    if predictor == 2:
        return apply_tiff_predictor(colours, columns, bits, data)
    if predictor >= 10:
        return apply_png_predictor(predictor, colours, columns, bits, data)
    raise PDFNotImplementedError(f"Unsupported predictor: {predictor!r}")


def _names_predictor(parameters: Any) -> bool:
    return isinstance(parameters, dict) and "Predictor" in parameters


def _too_large(limit: int) -> DocumentError:
    return DocumentError(f"the .pdf file unpacks to over {limit:,} bytes")
