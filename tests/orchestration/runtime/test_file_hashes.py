"""Recorded hashes: a file is read again only if it has changed."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from orchestration.runtime.file_hashes import RECORD, FileHashes, forget_hashes
from tests.support.stamps import count_hashed, let_files_rest


@pytest.fixture
def hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two files at rest, `a` and `b`, whose hashes are recorded; the files hashed since."""
    let_files_rest(monkeypatch)
    for name in "ab":
        (tmp_path / name).write_text(name)
    hashes = FileHashes(tmp_path)
    assert hashes.of(tmp_path / "a") == hashlib.sha256(b"a").hexdigest()
    assert hashes.of(tmp_path / "b") == hashlib.sha256(b"b").hexdigest()
    hashes.save()
    return count_hashed(monkeypatch)


def read_all(root: Path) -> list[str | None]:
    hashes = FileHashes(root)
    found = [hashes.of(root / name) for name in "ab"]
    hashes.save()
    return found


def test_unchanged_files_are_not_read_in_the_next_run(hashed: list[str], tmp_path: Path):
    assert read_all(tmp_path) == [hashlib.sha256(name.encode()).hexdigest() for name in "ab"]
    assert hashed == []


def test_only_a_changed_file_is_read_again_even_if_its_times_were_set_back(
    hashed: list[str], tmp_path: Path
):
    before = (tmp_path / "a").stat()
    while (tmp_path / "a").stat().st_ctime_ns == before.st_ctime_ns:
        (tmp_path / "a").write_text("A")
        os.utime(tmp_path / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_all(tmp_path)[0] == hashlib.sha256(b"A").hexdigest()
    assert hashed == ["a"]
    assert read_all(tmp_path)[0] == hashlib.sha256(b"A").hexdigest()
    assert hashed == ["a"]


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": []}'])
def test_torn_record_counts_as_empty(content: str, hashed: list[str], tmp_path: Path):
    (tmp_path / RECORD).write_text(content)
    read_all(tmp_path)
    assert hashed == ["a", "b"]


def test_forgotten_record_makes_the_next_run_read_every_file(hashed: list[str], tmp_path: Path):
    forget_hashes(tmp_path)
    forget_hashes(tmp_path)
    read_all(tmp_path)
    assert hashed == ["a", "b"]


def test_record_is_not_trusted_by_a_check(hashed: list[str], tmp_path: Path):
    hashes = FileHashes(tmp_path, trusts_record=False)
    for _ in range(2):
        hashes.of(tmp_path / "a")
    assert hashed == ["a"]


def test_file_that_was_just_written_is_not_recorded(tmp_path: Path):
    path = tmp_path / "a"
    path.write_text("a")
    hashes = FileHashes(tmp_path)
    hashes.of(path)
    hashes.save()
    assert not (tmp_path / RECORD).exists()


def test_written_hash_is_used_until_the_end_of_the_run(hashed: list[str], tmp_path: Path):
    hashes = FileHashes(tmp_path)
    (tmp_path / "a").write_text("other")
    hashes.written(tmp_path / "a", "the hash")
    assert hashes.of(tmp_path / "a") == "the hash" and hashed == []
    hashes.save()
    assert read_all(tmp_path)[0] == hashlib.sha256(b"other").hexdigest()


def test_record_keeps_hashes_of_other_parts_of_the_run_and_drops_removed_files(
    hashed: list[str], tmp_path: Path
):
    one, two = FileHashes(tmp_path), FileHashes(tmp_path)
    (tmp_path / "b").unlink()
    for hashes, name in ((one, "c"), (two, "d")):
        (tmp_path / name).write_text(name)
        hashes.of(tmp_path / name)
    one.save()
    two.save()
    assert set(json.loads((tmp_path / RECORD).read_bytes())) == {"a", "c", "d"}


def test_missing_file_has_no_hash(tmp_path: Path):
    assert FileHashes(tmp_path).of(tmp_path / "a") is None
