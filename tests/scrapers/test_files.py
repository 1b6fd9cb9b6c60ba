"""Files are whole under their names, and on the disk before they have them."""

import errno
import os
import stat
from pathlib import Path

import pytest

from scrapers import files
from scrapers.files import replacing, sync_below, write_bytes, write_json


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reaches the disk, and which names are given, in order."""
    seen: list[tuple[str, str]] = []
    sync, replace = files.sync, os.replace

    def noted_sync(path: Path) -> None:
        seen.append(("sync", path.name))
        sync(path)

    def noted_replace(part: Path, path: Path) -> None:
        seen.append(("name", path.name))
        replace(part, path)

    monkeypatch.setattr(files, "sync", noted_sync)
    monkeypatch.setattr(files.os, "replace", noted_replace)
    return seen


def test_a_file_is_on_the_disk_before_its_name_and_the_name_after_it(tmp_path, steps):
    write_bytes(tmp_path / "a.txt", b"A")
    (first, part), *rest = steps
    assert first == "sync" and part.endswith(".part")
    assert rest == [("name", "a.txt"), ("sync", tmp_path.name)]


def test_a_new_folder_is_on_the_disk_in_the_folder_above_it(tmp_path, steps):
    write_bytes(tmp_path / "one" / "two" / "a.txt", b"A")
    assert steps[:2] == [("sync", tmp_path.name), ("sync", "one")]
    assert steps[-1] == ("sync", "two")


def test_everything_below_a_folder_is_written_to_the_disk(tmp_path, steps):
    for name in ("a", "below/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    sync_below(tmp_path)
    assert {name for _, name in steps} == {"a", "b", "below", tmp_path.name}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"old": 1})
    before = path.read_bytes()
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_bytes(b"half")
        raise RuntimeError
    with pytest.raises(UnicodeEncodeError):
        write_json(path, {"half a character": "\ud800"})
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == {"a.json": before}


def test_a_file_system_that_cannot_sync_folders_is_written_to_all_the_same(tmp_path, monkeypatch):
    fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(handle)

    monkeypatch.setattr(files.os, "fsync", only_files)
    write_bytes(tmp_path / "a", b"A")
    assert (tmp_path / "a").read_bytes() == b"A"
