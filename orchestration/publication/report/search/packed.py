"""Compressed data in the page: JSON, compressed by zlib, as base64.

A browser unpacks it with `DecompressionStream("deflate")`. The format has neither a time nor the
name of an operating system, so the same data gives the same text wherever zlib is the same. Other
builds of zlib (zlib-ng) may compress the same data to other bytes, which unpack to the same JSON.
"""

import base64
import json
import zlib
from typing import Any

from orchestration.publication.report.page_data import plain

_LEVEL = 9


def pack(value: object) -> str:
    """The value as compressed JSON in base64, whose characters are safe inside HTML.

    Raises TypeError for a type that the page cannot hold.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode("ascii")


def unpack(text: str) -> Any:
    """The value that `pack` made `text` of."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
