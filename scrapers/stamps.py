"""Stamps of files: a file with the same stamp has the same content, so it is not read again.

Any write changes the stamp, and so does one that sets the time of modification back. Only damage
below the file system does not, such as that of a failing disk.
"""

import os
import time
from typing import NamedTuple

# The clock of a file system is coarse: two writes within a tick may leave the same times.
AT_REST_NS = 2_000_000_000


class Stamp(NamedTuple):
    """Size in bytes, times of modification and of status change in nanoseconds, and inode."""

    size: int
    modified_at: int
    changed_at: int
    inode: int

    @property
    def is_at_rest(self) -> bool:
        """Whether the last write was long enough ago that the next one changes the stamp."""
        return max(self.modified_at, self.changed_at) < time.time_ns() - AT_REST_NS


def stamp_of(path: str | os.PathLike[str]) -> Stamp:
    """The stamp of a file. Raises OSError if there is none."""
    # A pathlib call takes twice as long.
    found = os.stat(path)  # noqa: PTH116
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
