"""An unchanged run reads the files of the latest release only if one was written since."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.inspection.verification import verify
from orchestration.publication import latest
from orchestration.publication.release import Release
from orchestration.publication.release_folders import find_damage
from orchestration.publication.verified import record_verified
from orchestration.runtime.data_dir import DataDir
from tests.orchestration.publication.release_factories import make_filing, make_release

PAGE = "CHANGES.md"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose contents are read to compare them."""
    names: list[str] = []
    hashed = latest.file_sha256

    def watch(path: Path) -> str:
        names.append(path.name)
        return hashed(path)

    monkeypatch.setattr(latest, "file_sha256", watch)
    return names


@pytest.fixture
def first(tmp_path: Path) -> Release:
    return make_release(tmp_path, make_filing(1), build="one")


def test_unchanged_run_reads_no_file_of_the_release(tmp_path, first, read):
    assert not make_release(tmp_path, make_filing(1), build="one").is_new
    assert read == []


def appended(path: Path) -> None:
    path.chmod(0o644)
    path.write_text(path.read_text() + "x")


def flipped_and_dated_back(path: Path) -> None:
    """Change a byte, and set the old time of the file."""
    before = path.stat()
    path.chmod(0o644)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("alter", [appended, flipped_and_dated_back, Path.unlink])
def test_file_that_was_altered_since_is_found(first, alter: Callable[[Path], None]):
    alter(first.path / PAGE)
    assert find_damage(first.path).path.name == PAGE


def test_file_that_was_only_touched_is_read_once(first, read):
    (first.path / PAGE).touch()
    assert find_damage(first.path) is None and PAGE in read
    read.clear()
    assert find_damage(first.path) is None and read == []


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", '{"other": {}}'])
def test_release_is_read_if_the_record_is_not_about_it(tmp_path, first, read, content):
    (tmp_path / "published.verified.json").write_text(content)
    assert find_damage(first.path) is None and PAGE in read


def test_release_is_not_read_again_after_an_older_one_was_removed(tmp_path, monkeypatch, read):
    monkeypatch.setattr("orchestration.publication.release_folders.KEPT_RELEASES", 1)
    tables = {"batches": "b", "filings": "f"}
    for serial in (1, 2):
        tables["filings"] += "f"
        made = make_release(tmp_path, make_filing(serial), build=str(serial), tables=tables)
    read.clear()
    assert not make_release(tmp_path, make_filing(2), build="2", tables=tables).is_new
    assert read == [] and [path.name for path in latest.releases(tmp_path / "published")] == [
        made.name
    ]


def test_damage_that_changes_no_time_is_not_linked_into_the_next_release(tmp_path, first):
    damaged = damage_unnoticed(first)
    assert find_damage(first.path) is None
    second = make_release(tmp_path, make_filing(1), make_filing(2), build="two")
    assert second.is_new and "is replaced because" in second.summary
    assert (second.path / damaged).read_bytes()[:4] == b"PAR1"


def test_check_makes_the_next_run_read_the_release(tmp_path, first):
    damage_unnoticed(first)
    assert not make_release(tmp_path, make_filing(1), build="one").is_new
    assert any(store.findings for store in verify(DataDir(tmp_path)))
    assert make_release(tmp_path, make_filing(1), build="one").is_new


def damage_unnoticed(release: Release) -> Path:
    """Damage a file as a failing disk does: its size and times stay. Returns its relative path."""
    path = min((release.path / "parquet").glob("*.parquet"))
    path.chmod(0o644)
    path.write_bytes(b"X" + path.read_bytes()[1:])
    path.chmod(0o444)
    record_verified(release.path)
    return path.relative_to(release.path)
