"""Decoding of HTML pages, whichever character set the page or its header declares.

As in browsers, the labels gb2312 and gbk mean gb18030, which includes all characters of both.
"""

import re

from bs4.dammit import EncodingDetector

from scrapers.errors import AnnouncementError

# Labels in the WHATWG Encoding Standard for the character sets of Chinese pages.
_GB18030 = (
    "gb18030 gb2312 gb_2312 gb_2312-80 gbk x-gbk chinese csgb2312 csiso58gb231280 iso-ir-58 cp936"
)
_BIG5 = "big5 big5-hkscs cn-big5 csbig5 x-x-big5"
_CODECS = {
    **dict.fromkeys(_GB18030.split(), "gb18030"),
    **dict.fromkeys(_BIG5.split(), "big5hkscs"),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)


def decoded_html(content: bytes, content_type: str = "") -> str:
    """The text of an HTML page; `content_type` is the Content-Type header.

    The header takes precedence over the page's <meta>. Bytes that are valid UTF-8 are decoded as
    UTF-8, even under another label. Raises AnnouncementError if no character set fits.
    """
    labels = _labels(content, content_type)
    for codec in _candidates(content, labels):
        try:
            return content.decode(codec).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    declared = ", ".join(labels) or "nothing"
    raise AnnouncementError(
        f"the page cannot be decoded: it declares {declared}, but is not valid UTF-8 or GB 18030"
    )


def _labels(content: bytes, content_type: str) -> list[str]:
    """The character sets that the header and the page declare, the header's first."""
    in_header = _CHARSET.search(content_type)
    in_page = EncodingDetector.find_declared_encoding(content, is_html=True)
    return [label.lower() for label in (in_header and in_header.group(1), in_page) if label]


def _candidates(content: bytes, labels: list[str]) -> list[str]:
    marked = [codec for mark, codec in _MARKS if content.startswith(mark)]
    declared = [_CODECS[label] for label in labels if label in _CODECS]
    # ASCII in UTF-16 is also valid UTF-8, with a NUL in every other byte.
    wide = [codec for codec in declared if codec.startswith("utf-16") and b"\0" in content]
    return list(dict.fromkeys([*marked, *wide, "utf-8", *declared, "gb18030"]))
