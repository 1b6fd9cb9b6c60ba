"""The raw archive: every distinct version once, never overwritten, and damage is noticed."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from frictionless import Package, validate

from scrapers.archive.sidecar import COPY, SIDECAR, Version
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError
from scrapers.http.answers import Fetched

URL = "https://cac.test/list?filepath=~a/b="


def fetched(content: bytes, minute: int = 0) -> Fetched:
    at = datetime(2025, 5, 19, 2, tzinfo=UTC) + timedelta(minutes=minute)
    return Fetched(URL, URL + "&moved", content, {"Server": "nginx"}, at)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "raw")


def store(
    archive: Archive,
    content: bytes,
    minute: int = 0,
    says: str | None = None,
    role: str = "list",
    folder: str = "011",
    **facts: str,
) -> tuple[Version, bool]:
    return archive.store(
        folder,
        role,
        fetched(content, minute),
        suffix="docx",
        media_type="application/zip",
        content_sha256=sha256(says.encode()).hexdigest() if says else None,
        facts={"list_month": "2025-05", **facts},
    )


def files(archive: Archive) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (archive.root / "011").iterdir()}


def test_a_version_is_read_back_with_all_that_is_known_of_it(archive):
    version, is_new = store(archive, b"bytes", says="table")
    assert is_new and archive.versions("011", "list") == [version]
    assert archive.latest("011", "list") == version
    assert archive.read(version) == b"bytes"
    assert (version.url, version.final_url, version.size) == (URL, URL + "&moved", 5)
    assert version.sha256 == sha256(b"bytes").hexdigest()
    assert version.content_sha256 == sha256(b"table").hexdigest()
    assert version.retrieved_at == datetime(2025, 5, 19, 2, tzinfo=UTC)
    assert (version.headers, version.facts) == ({"Server": "nginx"}, {"list_month": "2025-05"})
    assert version.path.name == f"20250519t020000000000z-{version.sha256[:12]}.docx"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"A", "table"), (b"other bytes", "table"), (b"A", "other reading")],
    ids=["the same", "equal content", "equal bytes"],
)
def test_a_version_equal_to_the_last_adds_nothing(archive, content, says):
    first, _ = store(archive, b"A", says="table")
    before = files(archive)
    assert store(archive, content, minute=1, says=says) == (first, False)
    assert files(archive) == before


def test_a_list_that_changes_back_is_a_version_of_its_own(archive):
    made = [store(archive, content, minute)[1] for minute, content in enumerate((b"A", b"B", b"A"))]
    versions = archive.versions("011", "list")
    assert made == [True, True, True]
    assert [archive.read(version) for version in versions] == [b"A", b"B", b"A"]
    assert [v.version for v in versions] == sorted(v.version for v in versions)


def test_what_is_archived_is_never_written_again(archive):
    version, _ = store(archive, b"A")
    before = version.path.stat()
    store(archive, b"B", minute=1)
    assert version.path.stat().st_mtime_ns == before.st_mtime_ns
    assert version.path.stat().st_ino == before.st_ino


def test_roles_do_not_mix(archive):
    store(archive, b"A", role="page")
    store(archive, b"A", role="rejected", minute=1)
    assert archive.latest("011", "list") is None
    assert archive.batch_nos() == []
    assert store(archive, b"A", role="list", minute=2)[1]
    assert archive.batch_nos() == [11]


def test_an_empty_archive_holds_nothing(archive):
    assert archive.batch_nos() == [] and archive.versions("001", "list") == []


def test_the_sidecar_is_a_valid_data_package(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    store(archive, b"<html>", minute=3, role="page")
    sidecar = archive.root / "011" / SIDECAR
    report = validate(str(sidecar), type="package")
    assert report.valid, report.to_summary()
    package = Package(str(sidecar))
    assert [resource.name.split("-")[0] for resource in package.resources] == [
        "list", "list", "page",
    ]  # fmt: skip
    for resource in package.resources:
        content = (archive.root / "011" / resource.path).read_bytes()
        assert (resource.bytes, resource.hash) == (
            len(content),
            f"sha256:{sha256(content).hexdigest()}",
        )


def test_the_data_package_itself_notices_damaged_bytes(archive):
    version, _ = store(archive, b"A")
    version.path.write_bytes(b"B")
    assert not validate(str(archive.root / "011" / SIDECAR), type="package").valid


def test_damaged_bytes_are_found_on_reading(archive):
    version, _ = store(archive, b"A")
    version.path.write_bytes(b"B")
    with pytest.raises(ArchiveError, match=r"is not what was archived.*Restore"):
        archive.read(version)
    version.path.unlink()
    with pytest.raises(ArchiveError, match=r"is gone\. Restore"):
        archive.read(version)


@pytest.mark.parametrize(
    "damage",
    [
        lambda package: "",
        lambda package: json.dumps(package)[:-20],
        lambda package: "[]",
        lambda package: '{"name": "raw-011"}',
        lambda package: json.dumps(package | {"resources": [{"path": "x"}]}),
        lambda package: json.dumps(package | {"resources": 5}),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"sources": []}]}
        ),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"hash": None}]}
        ),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"retrieved_at": "now"}]}
        ),
    ],
)
def test_a_damaged_sidecar_is_restored_from_its_copy(archive, damage, caplog):
    store(archive, b"A")
    store(archive, b"B", minute=1)
    sidecar = archive.root / "011" / SIDECAR
    whole, versions = sidecar.read_bytes(), archive.versions("011", "list")
    sidecar.write_text(damage(json.loads(whole)))
    assert archive.versions("011", "list") == versions and archive.unreadable() == {}
    archive.mend_sidecars()
    assert sidecar.read_bytes() == whole
    assert f"{sidecar} could not be read: it is restored from its copy" in caplog.text


@pytest.mark.parametrize("name", [SIDECAR, COPY])
def test_a_sidecar_that_is_gone_is_restored_too(archive, name):
    store(archive, b"A")
    path = archive.root / "011" / name
    whole = path.read_bytes()
    path.unlink()
    assert archive.batch_nos() == [11]
    archive.mend_sidecars()
    assert path.read_bytes() == whole


def test_an_archive_of_an_earlier_program_gets_its_copies_without_a_word(archive, caplog):
    store(archive, b"A")
    (archive.root / "011" / COPY).unlink()
    archive.mend_sidecars()
    assert files(archive)[COPY] == files(archive)[SIDECAR] and not caplog.text


def test_a_copy_that_is_a_version_behind_catches_up(archive):
    store(archive, b"A")
    earlier = files(archive)[COPY]
    store(archive, b"B", minute=1)
    (archive.root / "011" / COPY).write_bytes(earlier)
    archive.mend_sidecars()
    assert files(archive)[COPY] == files(archive)[SIDECAR] != earlier


def test_two_sidecars_that_contradict_each_other_are_left_for_a_person(archive):
    store(archive, b"A")
    before = files(archive)
    changed = before[COPY].replace(b"2025-05", b"2025-06")
    (archive.root / "011" / COPY).write_bytes(changed)
    archive.mend_sidecars()
    assert files(archive) == before | {COPY: changed}


def test_where_neither_sidecar_can_be_read_the_folder_is_named_and_the_others_go_on(archive):
    store(archive, b"A")
    store(archive, b"B", folder="012")
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).write_text("{")
    before = files(archive)
    archive.mend_sidecars()
    with pytest.raises(ArchiveError, match=r"datapackage\.json cannot be read.*Restore"):
        store(archive, b"C", minute=1)
    assert archive.batch_nos() == [12] and list(archive.unreadable()) == ["011"]
    assert archive.newest() == fetched(b"").retrieved_at
    assert files(archive) == before


@pytest.mark.parametrize("step", range(3), ids=["document", "sidecar", "copy"])
@pytest.mark.parametrize("content", [b"B", b"C"], ids=["sent again", "amended since"])
def test_a_run_killed_at_any_step_leaves_an_archive_that_the_next_one_mends(
    archive, monkeypatch, step, content
):
    store(archive, b"A")
    replace, names = os.replace, []

    def killed(part: Path, path: Path) -> None:
        names.append(path.name)
        if len(names) > step:
            raise KeyboardInterrupt
        replace(part, path)

    with monkeypatch.context() as patched:
        patched.setattr("scrapers.files.os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    archive.mend_sidecars()
    store(archive, content, minute=2)
    versions = archive.versions("011", "list")
    assert [archive.read(v) for v in versions][-1] == content
    assert files(archive)[COPY] == files(archive)[SIDECAR]


def test_documents_without_any_sidecar_are_not_taken_for_an_empty_folder(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).unlink()
    before = files(archive)
    with pytest.raises(ArchiveError, match="they are gone"):
        store(archive, b"B", minute=2)
    assert files(archive) == before and archive.batch_nos() == []
    assert list(archive.unreadable()) == ["011"]


def test_a_run_killed_at_the_first_document_of_a_folder_leaves_nothing_to_mend(archive):
    version, _ = store(archive, b"A")
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).unlink()
    assert archive.documents("011") == [] and archive.unreadable() == {}
    again, is_new = store(archive, b"A", minute=5)
    assert is_new and again.path == version.path


def test_folders_that_are_not_batches_do_no_harm(archive):
    store(archive, b"A")
    shutil.copytree(archive.root / "011", archive.root / "011.bak")
    assert archive.batch_nos() == [11]


def test_text_that_cannot_be_written_is_refused_before_the_bytes_are(archive):
    store(archive, b"A")
    before = files(archive)
    with pytest.raises(ArchiveError, match=r"it holds '\\ud800'.*Nothing was archived"):
        store(archive, b"B", minute=1, title="a \ud800 title")
    assert files(archive) == before


@pytest.mark.parametrize(
    ("days", "before"), [(-400, 0), (-400, 400), (0, 0)], ids=["back", "set right", "stands still"]
)
def test_versions_keep_the_order_of_archiving_by_any_clock(archive, days, before):
    moments = [before, days, days, before + 1]
    for day, content in zip(moments, (b"A", b"B", b"C", b"D"), strict=True):
        store(archive, content, minute=day * 24 * 60)
    versions = archive.versions("011", "list")
    names = [version.version for version in versions]
    seen = [version.seen_at for version in versions]
    assert [archive.read(version) for version in versions] == [b"A", b"B", b"C", b"D"]
    assert names == sorted(set(names)) and seen == sorted(set(seen))
    assert [version.retrieved_at for version in versions] == [
        fetched(b"", day * 24 * 60).retrieved_at for day in moments
    ]
    assert archive.newest() == max(version.retrieved_at for version in versions)


def test_an_archive_whose_names_were_made_by_a_wrong_clock_keeps_its_order(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    for name in (SIDECAR, COPY):
        path = archive.root / "011" / name
        package = json.loads(path.read_bytes())
        package["resources"].reverse()
        path.write_text(json.dumps(package))
    store(archive, b"C", minute=-60)
    versions = archive.versions("011", "list")
    assert [archive.read(version) for version in versions] == [b"B", b"A", b"C"]
    assert versions[0].seen_at < versions[1].seen_at < versions[2].seen_at
    assert versions[2].version == max(version.version for version in versions)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b""), Path.unlink])
def test_a_damaged_document_heals_when_the_source_sends_the_same_bytes(archive, damage, caplog):
    first, _ = store(archive, b"A")
    store(archive, b"B", minute=1)
    damage(first.path)
    archive.heal("011", b"C")
    with pytest.raises(ArchiveError):
        archive.read(first)
    archive.heal("011", b"A")
    assert archive.read(first) == b"A"
    assert f"{first.path} was damaged or gone" in caplog.text


def test_storing_what_is_known_heals_it_too(archive):
    first, _ = store(archive, b"A")
    first.path.unlink()
    assert store(archive, b"A", minute=1) == (first, False)
    assert archive.read(first) == b"A"


def test_a_crash_before_the_sidecar_leaves_the_archive_as_it_was(archive, monkeypatch):
    first, _ = store(archive, b"A")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("scrapers.archive.store.write_sidecar", crash)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    assert archive.versions("011", "list") == [first]
    (archive.root / "011" / ".half-written.part").write_bytes(b"")
    # The file that was left is taken up again, so that no file is without an entry.
    second, is_new = store(archive, b"B", minute=2)
    assert is_new and second.retrieved_at == fetched(b"", 2).retrieved_at
    assert set(files(archive)) == {first.path.name, second.path.name, SIDECAR, COPY}
