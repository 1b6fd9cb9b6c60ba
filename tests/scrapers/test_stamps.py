"""Stamps of files: any write changes them."""

import os
import time
from pathlib import Path

from scrapers.stamps import AT_REST_NS, stamp_of


def test_write_that_keeps_size_and_time_of_modification_changes_the_stamp(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    before = stamp_of(path)
    # The clock of the file system must have moved on, as `is_at_rest` requires.
    while path.stat().st_ctime_ns == before.changed_at:
        path.write_bytes(b"two")
        os.utime(path, ns=(before.modified_at, before.modified_at))
    after = stamp_of(path)
    assert (after.size, after.modified_at, after.inode) == before[:2] + before[3:]
    assert after != before


def test_file_is_at_rest_some_time_after_its_last_change(tmp_path: Path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"")
    # It was modified long ago, but its time of modification was set only now.
    os.utime(path, ns=(0, 0))
    assert not stamp_of(path).is_at_rest
    later = time.time_ns() + 2 * AT_REST_NS
    monkeypatch.setattr("scrapers.stamps.time.time_ns", lambda: later)
    assert stamp_of(path).is_at_rest
