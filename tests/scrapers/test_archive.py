"""The raw archive: every distinct version once, never overwritten, and damage is noticed."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from frictionless import Package, validate

from scrapers.answers import Fetched
from scrapers.archive import SIDECAR, Archive, Version
from scrapers.errors import ArchiveError

URL = "https://cac.test/list?filepath=~a/b="


def fetched(content: bytes, minute: int = 0) -> Fetched:
    at = datetime(2025, 5, 19, 2, minute, tzinfo=UTC)
    return Fetched(URL, URL + "&moved", content, {"Server": "nginx"}, at)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "raw")


def store(
    archive: Archive, content: bytes, minute: int = 0, says: str | None = None, role: str = "list"
) -> tuple[Version, bool]:
    return archive.store(
        "011",
        role,
        fetched(content, minute),
        suffix="docx",
        media_type="application/zip",
        content_sha256=sha256(says.encode()).hexdigest() if says else None,
        facts={"list_month": "2025-05"},
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
def test_a_damaged_sidecar_is_an_error_and_never_an_empty_folder(archive, damage):
    store(archive, b"A")
    sidecar = archive.root / "011" / SIDECAR
    damaged = damage(json.loads(sidecar.read_bytes()))
    sidecar.write_text(damaged)
    with pytest.raises(ArchiveError, match=r"datapackage\.json cannot be read"):
        store(archive, b"B", minute=1)
    with pytest.raises(ArchiveError):
        archive.batch_nos()
    assert sidecar.read_text() == damaged


def test_a_crash_before_the_sidecar_leaves_the_archive_as_it_was(archive, monkeypatch):
    first, _ = store(archive, b"A")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("scrapers.archive.write_json", crash)
        with pytest.raises(KeyboardInterrupt):
            store(archive, b"B", minute=1)
    assert archive.versions("011", "list") == [first]
    assert store(archive, b"B", minute=2)[1]
