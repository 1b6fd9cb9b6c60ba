"""The directory of a zip, looked at before any of it is read.

zipfile reads all of a directory when it opens a file, and one can have over a million members.
"""

import struct
from typing import NamedTuple

# The record at the end of a zip and its comment (APPNOTE.TXT, 4.3.16), and those of a zip in the
# format for large ones (4.3.14, 4.3.15). They are found as zipfile finds them.
_END = struct.Struct("<4s4H2LH")
_END_MARK, _LONGEST_COMMENT = b"PK\x05\x06", 0xFFFF
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE_END_MARK = b"PK\x06\x06"
_LOCATOR_MARK, _LOCATOR_BYTES = b"PK\x06\x07", 20


class Directory(NamedTuple):
    """How many members a zip's directory lists, and its bytes, as the zip says."""

    members: int
    size: int


def directory_of(content: bytes) -> Directory | None:
    """What a zip says of its directory; None where there is no record at its end, which zipfile
    refuses.
    """
    end = len(content) - _END.size
    is_without_comment = content[end : end + 4] == _END_MARK and content[-2:] == b"\0\0"
    if end < 0 or not is_without_comment:
        end = content.rfind(_END_MARK, max(0, end - _LONGEST_COMMENT - 1))
    if end < 0 or end + _END.size > len(content):
        return None
    locator = end - _LOCATOR_BYTES
    large_end = locator - _LARGE_END.size
    is_large = (
        large_end >= 0
        and content.startswith(_LOCATOR_MARK, locator)
        and content.startswith(_LARGE_END_MARK, large_end)
    )
    if is_large:
        fields = _LARGE_END.unpack_from(content, large_end)
        return Directory(fields[7], fields[8])
    fields = _END.unpack_from(content, end)
    return Directory(fields[4], fields[5])
