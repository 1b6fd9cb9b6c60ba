"""Writes are atomic, and synced to disk in the right order."""

import errno
import os
import stat
from pathlib import Path

import pytest

from scrapers import files
from scrapers.files import replacing, sync_below, write_bytes, write_json


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Records syncs and renames in order."""
    seen: list[tuple[str, str]] = []
    sync, replace = files.sync, Path.replace

    def noted_sync(path: Path) -> None:
        seen.append(("sync", path.name))
        sync(path)

    def noted_replace(part: Path, path: Path) -> Path:
        seen.append(("name", path.name))
        return replace(part, path)

    monkeypatch.setattr(files, "sync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    return seen


def test_write_syncs_file_renames_and_syncs_folder(tmp_path, steps):
    write_bytes(tmp_path / "a.txt", b"A")
    (first, part), *rest = steps
    assert first == "sync" and part.endswith(".part")
    assert rest == [("name", "a.txt"), ("sync", tmp_path.name)]


def test_write_syncs_new_folders(tmp_path, steps):
    write_bytes(tmp_path / "one" / "two" / "a.txt", b"A")
    assert steps[:2] == [("sync", tmp_path.name), ("sync", "one")]
    assert steps[-1] == ("sync", "two")


def test_sync_below_syncs_everything(tmp_path, steps):
    for name in ("a", "below/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    sync_below(tmp_path)
    assert {name for _, name in steps} == {"a", "b", "below", tmp_path.name}


def test_failed_write_leaves_old_file(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"old": 1})
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        _fail_halfway(path)
    with pytest.raises(UnicodeEncodeError):
        write_json(path, {"half a character": "\ud800"})
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == {"a.json": before}


def _fail_halfway(path: Path) -> None:
    with replacing(path) as part:
        part.write_bytes(b"half")
        raise RuntimeError


def test_write_closes_what_it_syncs(tmp_path, monkeypatch):
    opened, closed = [], []
    open_, close = os.open, os.close

    def noted_open(*arguments: object) -> int:
        opened.append(open_(*arguments))
        return opened[-1]

    def noted_close(handle: int) -> None:
        closed.append(handle)
        close(handle)

    monkeypatch.setattr(files.os, "open", noted_open)
    monkeypatch.setattr(files.os, "close", noted_close)
    files.sync(tmp_path)
    assert len(opened) == 1 and closed == opened


def test_other_sync_errors_are_raised(tmp_path, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        write_bytes(tmp_path / "a", b"A")
    assert list(tmp_path.iterdir()) == []


def test_write_succeeds_if_folders_cannot_be_synced(tmp_path, monkeypatch):
    fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(handle)

    monkeypatch.setattr(files.os, "fsync", only_files)
    write_bytes(tmp_path / "a", b"A")
    assert (tmp_path / "a").read_bytes() == b"A"
