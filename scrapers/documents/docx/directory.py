"""The size of a zip's directory, checked before zipfile reads it.

zipfile reads the whole directory when it opens a file, and that can list over a million members.
"""

import struct
from typing import NamedTuple

# The end of central directory record (APPNOTE.TXT, 4.3.16), and the two records of the ZIP64 format
# (4.3.14, 4.3.15). They are located in the same way as in zipfile.
_END = struct.Struct("<4s4H2LH")
_END_MARK, _LONGEST_COMMENT = b"PK\x05\x06", 0xFFFF
_ZIP64_END = struct.Struct("<4sQ2H2L4Q")
_ZIP64_END_MARK = b"PK\x06\x06"
_LOCATOR_MARK, _LOCATOR_BYTES = b"PK\x06\x07", 20


class Directory(NamedTuple):
    """The number of members of a zip, and the size of its directory in bytes, as declared in it."""

    members: int
    size: int


def directory_of(content: bytes) -> Directory | None:
    """The declared size of a zip's directory, or None without an end record.

    zipfile refuses a zip without one.
    """
    end = len(content) - _END.size
    is_without_comment = content[end : end + 4] == _END_MARK and content[-2:] == b"\0\0"
    if end < 0 or not is_without_comment:
        end = content.rfind(_END_MARK, max(0, end - _LONGEST_COMMENT - 1))
    if end < 0 or end + _END.size > len(content):
        return None
    locator = end - _LOCATOR_BYTES
    zip64_end = locator - _ZIP64_END.size
    is_zip64 = (
        zip64_end >= 0
        and content.startswith(_LOCATOR_MARK, locator)
        and content.startswith(_ZIP64_END_MARK, zip64_end)
    )
    if is_zip64:
        fields = _ZIP64_END.unpack_from(content, zip64_end)
        return Directory(fields[7], fields[8])
    fields = _END.unpack_from(content, end)
    return Directory(fields[4], fields[5])
