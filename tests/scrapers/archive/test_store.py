"""The raw archive: stores each distinct version once, never overwrites, and detects damage."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError
from tests.scrapers.archive.archive_factories import URL, fetched, files, folders_of_lists, store
from tests.support.stamps import count_opened, let_files_rest


def test_stored_version_is_read_back_with_metadata(archive):
    version, is_new = store(archive, b"bytes", says="table")
    assert is_new and archive.versions("011", "list") == [version]
    assert archive.latest("011", "list") == version
    assert archive.read(version) == b"bytes"
    assert (version.url, version.final_url, version.size) == (URL, URL + "&moved", 5)
    assert version.sha256 == sha256(b"bytes").hexdigest()
    assert version.content_sha256 == sha256(b"table").hexdigest()
    assert version.retrieved_at == datetime(2025, 5, 19, 2, tzinfo=UTC)
    assert (version.headers, version.facts) == ({"Server": "nginx"}, Facts(month="2025-05"))
    assert version.path.name == f"20250519t020000000000z-{version.sha256[:12]}.docx"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"A", "table"), (b"other bytes", "table"), (b"A", "other reading")],
    ids=["the same", "equal content", "equal bytes"],
)
def test_version_equal_to_latest_is_not_stored(archive, content, says):
    first, _ = store(archive, b"A", says="table")
    before = files(archive)
    assert store(archive, content, minute=1, says=says) == (first, False)
    assert files(archive) == before


def test_earlier_content_after_change_is_new_version(archive):
    made = [store(archive, content, minute)[1] for minute, content in enumerate((b"A", b"B", b"A"))]
    versions = archive.versions("011", "list")
    assert made == [True, True, True]
    assert [archive.read(version) for version in versions] == [b"A", b"B", b"A"]
    assert [v.version for v in versions] == sorted(v.version for v in versions)


def test_archived_file_is_not_rewritten(archive):
    version, _ = store(archive, b"A")
    before = version.path.stat()
    store(archive, b"B", minute=1)
    assert version.path.stat().st_mtime_ns == before.st_mtime_ns
    assert version.path.stat().st_ino == before.st_ino


def test_roles_are_independent(archive):
    store(archive, b"A", role="page")
    store(archive, b"A", role="rejected", minute=1)
    assert archive.latest("011", "list") is None
    assert folders_of_lists(archive) == []
    assert store(archive, b"A", role="list", minute=2)[1]
    assert folders_of_lists(archive) == ["011"]


def test_holds_finds_bytes_in_any_role(archive):
    version, _ = store(archive, b"A", role="rejected")
    assert archive.holds("011", version.sha256)
    assert not archive.holds("011", sha256(b"B").hexdigest())
    assert not archive.holds("012", version.sha256)


def test_folder_with_only_temporary_files_is_not_listed(archive):
    store(archive, b"A")
    (archive.root / "012").mkdir()
    (archive.root / "012" / ".a.part").write_bytes(b"half")
    assert archive.folders() == ["011"]


def test_empty_archive_has_no_folders(archive):
    assert folders_of_lists(archive) == [] and archive.versions("001", "list") == []


def test_reading_damaged_or_missing_file_is_an_error(archive):
    version, _ = store(archive, b"A")
    version.path.write_bytes(b"B")
    with pytest.raises(ArchiveError, match=r"has changed since it was archived.*Restore"):
        archive.read(version)
    version.path.unlink()
    with pytest.raises(ArchiveError, match=r"is missing\. Restore"):
        archive.read(version)


@pytest.mark.parametrize("step", range(3), ids=["document", "sidecar", "copy"])
@pytest.mark.parametrize("content", [b"B", b"C"], ids=["sent again", "amended since"])
def test_run_killed_at_any_write_is_recovered(archive, monkeypatch, step, content):
    store(archive, b"A")
    replace, names = Path.replace, []

    def killed(part: Path, path: Path) -> Path:
        names.append(path.name)
        if len(names) > step:
            raise KeyboardInterrupt
        return replace(part, path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    archive.repair_sidecars()
    assert files(archive)[COPY] == files(archive)[SIDECAR]
    store(archive, content, minute=2)
    versions = archive.versions("011", "list")
    assert archive.read(versions[-1]) == content
    assert files(archive)[COPY] == files(archive)[SIDECAR]


def test_run_killed_before_first_sidecar_leaves_readable_folder(archive):
    version, _ = store(archive, b"A")
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).unlink()
    assert archive.documents("011") == [] and archive.unreadable() == {}
    again, is_new = store(archive, b"A", minute=5)
    assert is_new and again.path == version.path


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b""), Path.unlink])
def test_damaged_document_is_restored_by_same_bytes(archive, damage, caplog):
    first, _ = store(archive, b"A")
    store(archive, b"B", minute=1)
    damage(first.path)
    archive.repair("011", b"C")
    with pytest.raises(ArchiveError):
        archive.read(first)
    archive.repair("011", b"A")
    assert archive.read(first) == b"A"
    assert f"{first.path} was damaged or missing" in caplog.text


def test_storing_known_document_restores_it(archive):
    first, _ = store(archive, b"A")
    first.path.unlink()
    assert store(archive, b"A", minute=1) == (first, False)
    assert archive.read(first) == b"A"


def test_file_left_by_a_crash_is_not_used_after_a_later_version(archive, monkeypatch):
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    store(archive, b"A")
    with monkeypatch.context() as patched:
        patched.setattr("scrapers.archive.store.write_sidecar", crash)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    store(archive, b"C", minute=2)
    store(archive, b"B", minute=3)
    versions = archive.versions("011", "list")
    names = [version.version for version in versions]
    assert [archive.read(version) for version in versions] == [b"A", b"C", b"B"]
    assert names == sorted(names)


def test_crash_before_sidecar_leaves_archive_unchanged(archive, monkeypatch):
    first, _ = store(archive, b"A")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("scrapers.archive.store.write_sidecar", crash)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    assert archive.versions("011", "list") == [first]
    (archive.root / "011" / ".half-written.part").write_bytes(b"")
    # The next run uses the file that was left, so every file is in the sidecar.
    second, is_new = store(archive, b"B", minute=2)
    assert is_new and second.retrieved_at == fetched(b"", 2).retrieved_at
    assert set(files(archive)) == {first.path.name, second.path.name, SIDECAR, COPY}


def test_sidecars_are_read_again_only_if_they_have_changed(archive, monkeypatch):
    let_files_rest(monkeypatch)
    for folder in ("011", "012", "cancellations/n1"):
        store(archive, folder.encode(), folder=folder)
    before = archive.latest_of("list")
    opened = count_opened(monkeypatch, ".json")
    assert Archive(archive.root).latest_of("list") == before and opened == []
    store(archive, b"other", minute=1, folder="012")
    opened.clear()
    after = archive.latest_of("list")
    assert {folder for folder in after if after[folder] != before[folder]} == {"012"}
    assert [path.parent.name for path in opened] == ["012"]


def test_sidecar_that_was_just_written_is_read_at_each_look_up(archive, monkeypatch):
    store(archive, b"one")
    opened = count_opened(monkeypatch, ".json")
    archive.documents("011")
    archive.documents("011")
    assert len(opened) == 2


def test_folders_below_a_parent_are_those_directly_in_it(archive):
    for folder in ("011", "012", "cancellations/n1", "cancellations/n2", "notices"):
        store(archive, folder.encode(), folder=folder)
    (archive.root / "011" / SIDECAR).unlink()
    (archive.root / "013").mkdir()
    (archive.root / "014").symlink_to(archive.root / "012")
    assert archive.folders("") == ["011", "012", "notices"]
    assert archive.folders("cancellations") == ["cancellations/n1", "cancellations/n2"]
    assert sorted(archive.folders("") + archive.folders("cancellations")) == archive.folders()
    assert archive.folders("none") == []
    assert list(archive.latest_of("list", "cancellations")) == archive.folders("cancellations")
